import { act, renderHook } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { Failure } from "../api/failure";
import { useCommand, type Attempt } from "./useCommand";

function commandWith(answers: (Failure | string)[]) {
  const keys: string[] = [];
  const send = (_input: { id: string }, { key }: Attempt) => {
    keys.push(key);
    const answer = answers.shift()!;
    return typeof answer === "string" ? Promise.resolve(answer) : Promise.reject(answer);
  };
  const done = vi.fn();
  const { result } = renderHook(() => useCommand(send, done));
  return { keys, done, result };
}

const lost = () => new Failure("unreachable", 0);
const refused = () => new Failure("case-not-found", 404);

test("a try that may have arrived is repeated with the same key", async () => {
  const { keys, done, result } = commandWith([lost(), "done"]);
  await act(() => result.current.run({ id: "1" }));
  expect(result.current.problem?.code).toBe("unreachable");
  expect(result.current.busy).toBe(false);
  await act(() => result.current.retry());
  expect(keys[0]).toBe(keys[1]);
  expect(result.current.problem).toBeNull();
  expect(done).toHaveBeenCalledWith("done", { id: "1" });
});

test("a refused try, and another input, get a key of their own", async () => {
  const { keys, result } = commandWith([refused(), lost(), lost()]);
  await act(() => result.current.run({ id: "1" }));
  await act(() => result.current.run({ id: "1" }));
  await act(() => result.current.run({ id: "2" }));
  expect(new Set(keys).size).toBe(3);
});

test("a second click while the first is under way does nothing", async () => {
  const { keys, result } = commandWith(["done", "again"]);
  await act(() => Promise.all([result.current.run({ id: "1" }), result.current.run({ id: "1" })]));
  expect(keys).toHaveLength(1);
});
