import { answersContract } from "@alpes/shared/testing/answers_contract.ts";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { postgresAnswers } from "./answers.ts";
import { openDatabase } from "./database.ts";

answersContract("postgres", async () => {
  const fresh = await freshDatabase();
  const db = openDatabase({ url: fresh.url, role: "alpes_cliente" });
  return {
    ...postgresAnswers(db),
    [Symbol.asyncDispose]: async () => {
      await db[Symbol.asyncDispose]();
      await fresh[Symbol.asyncDispose]();
    },
  };
});
