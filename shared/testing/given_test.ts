import assert from "node:assert/strict";
import type { Decider } from "@alpes/shared/seedwork/decider.ts";
import { err, ok } from "@alpes/shared/seedwork/result.ts";
import { spec } from "./given.ts";

type Luz = "apagada" | "encendida";
const Lampara: Decider<Luz, "encender", { readonly tipo: "Encendida" }, "ya_esta"> = {
  inicial: "apagada",
  decide: (_, estado) => estado === "encendida" ? err("ya_esta") : ok([{ tipo: "Encendida" }]),
  evolve: () => "encendida",
};
const { given } = spec(Lampara);
const encendida = { tipo: "Encendida" } as const;

Deno.test("the spec of a decider passes what is so", () => {
  given().when("encender").then(encendida);
  given().when("encender").becomes("encendida");
  given(encendida).when("encender").refuses("ya_esta");
  given(encendida).is("encendida");
});

Deno.test("the spec of a decider fails what is not so", () => {
  assert.throws(() => given().when("encender").then());
  assert.throws(() => given().when("encender").refuses("ya_esta"));
  assert.throws(() => given(encendida).when("encender").then(encendida));
  assert.throws(() => given(encendida).when("encender").becomes("encendida"));
  assert.throws(() => given().is("encendida"));
});
