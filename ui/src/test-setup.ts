import { cleanup } from "@testing-library/react";
import { afterAll, afterEach, beforeEach } from "vitest";

// What antd asks a browser and jsdom cannot answer.
globalThis.matchMedia ??= (media) =>
  Object.assign(new EventTarget(), { media, matches: false, addListener() {}, removeListener() {} }) as never;
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

beforeEach(() => sessionStorage.clear());
afterEach(cleanup);
// What React has still planned must find its window.
afterAll(() => new Promise((done) => setTimeout(done)));
