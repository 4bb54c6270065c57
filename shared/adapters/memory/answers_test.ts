import { answersContract } from "@alpes/shared/testing/answers_contract.ts";
import { memoryAnswers } from "./answers.ts";

answersContract(
  "memory",
  () => Promise.resolve({ ...memoryAnswers(), [Symbol.asyncDispose]: () => Promise.resolve() }),
);
