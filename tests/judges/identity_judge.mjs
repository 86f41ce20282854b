// Reads lines `citizen NUMBER …` and prints `citizen NUMBER VERDICT` as id-validator (npm) sees it.
// The verdict is 1, 0, or `1?` where everything is right but a division that the judge's table does not have.
import { createInterface } from "node:readline";
import divisions from "id-validator/src/GB2260.js";
import Validator from "id-validator";

const plain = new Validator();
const withDivisions = new Validator(divisions);

for await (const line of createInterface({ input: process.stdin })) {
  const [kind, number] = line.split(" ");
  if (kind !== "citizen") continue;
  // It also takes the 15 digits of before 1999, which this project does not.
  const right = plain.isValid(number, 18);
  const verdict = !right ? "0" : withDivisions.isValid(number, 18) ? "1" : "1?";
  console.log(kind, number, verdict);
}
