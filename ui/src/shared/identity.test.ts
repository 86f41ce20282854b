import { expect, test } from "vitest";
import { bareNumber, citizenIdFault, creditCodeFault, phoneFault } from "./identity";

test("a citizen's number is checked digit by digit", () => {
  expect(citizenIdFault("11010519491231002X")).toBeNull();
  expect(citizenIdFault("11010519491231002x")).toBeNull();
  expect(citizenIdFault("110105 19491231 002X")).toBeNull();
  expect(citizenIdFault("１１０１０５１９４９１２３１００２Ｘ")).toBeNull();
  expect(citizenIdFault("110105194912310021")).toBe("wrong-check-character");
  expect(citizenIdFault("110105194902300021")).toBe("no-such-birth-date");
  expect(citizenIdFault("1101051949123100")).toBe("wrong-length");
  expect(citizenIdFault("11010519491231O02X")).toBe("wrong-character");
});

test("a credit code is checked with its own weights", () => {
  expect(creditCodeFault("91350100M000100Y43")).toBeNull();
  expect(creditCodeFault("91350100M000100Y44")).toBe("wrong-check-character");
  expect(creditCodeFault("91350100M000100Y4")).toBe("wrong-length");
  expect(creditCodeFault("91350100I000100Y43")).toBe("wrong-character");
});

test("nobody is born after today", () => {
  expect(citizenIdFault("110101203003071232", "2026-11-22")).toBe("birth-in-future");
  expect(citizenIdFault("110101203003071232", "2030-03-07")).toBeNull();
});

test.each([
  ["138 0013 8000", null],
  ["+86 138-0013-8000", null],
  ["(010)62345678", null],
  ["（０１０）６２３４５６７８", null],
  ["0851-62345678", null],
  ["0851-6234567", null],
  ["1380013800", "wrong-length"],
  ["1380013800a", "wrong-character"],
  ["12345678901", "wrong-prefix"],
  ["62345678", "wrong-prefix"],
  ["001-62345678", "wrong-prefix"],
  ["010-6234567", "wrong-local-length"],
  ["0851-623456", "wrong-local-length"],
  ["010-12345678", "wrong-local-number"],
])("the telephone number %s: %s", (text, fault) => {
  expect(phoneFault(text)).toBe(fault);
});

test("numbers are stored plain", () => {
  expect(bareNumber(" １1010519491231-002x ")).toBe("11010519491231002X");
});
