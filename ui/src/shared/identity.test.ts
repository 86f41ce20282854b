import { expect, test } from "vitest";
import { bareNumber, citizenIdFault, creditCodeFault, phoneFault } from "./identity";

test("a citizen's number is checked digit by digit", () => {
  expect(citizenIdFault("11010519491231002X")).toBeNull();
  expect(citizenIdFault("11010519491231002x")).toBeNull();
  expect(citizenIdFault("110105 19491231 002X")).toBeNull();
  expect(citizenIdFault("１１０１０５１９４９１２３１００２Ｘ")).toBeNull();
  expect(citizenIdFault("110105194912310021")).toBe("check-digit");
  expect(citizenIdFault("110105194902300021")).toBe("date");
  expect(citizenIdFault("1101051949123100")).toBe("length");
  expect(citizenIdFault("11010519491231O02X")).toBe("characters");
});

test("a credit code is checked with its own weights", () => {
  expect(creditCodeFault("91350100M000100Y43")).toBeNull();
  expect(creditCodeFault("91350100M000100Y44")).toBe("check-digit");
  expect(creditCodeFault("91350100M000100Y4")).toBe("length");
  expect(creditCodeFault("91350100I000100Y43")).toBe("characters");
});

test("a telephone number is a mobile number or has its area code", () => {
  expect(phoneFault("138 0013 8000")).toBeNull();
  expect(phoneFault("0851-12345678")).toBeNull();
  expect(phoneFault("12345")).toBe("length");
  expect(phoneFault("1380013800a")).toBe("characters");
});

test("numbers are stored plain", () => {
  expect(bareNumber(" １1010519491231-002x ")).toBe("11010519491231002X");
});
