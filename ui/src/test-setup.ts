import { afterEach, beforeEach } from "vitest";

// What antd asks a browser and jsdom cannot answer.
globalThis.matchMedia ??= (media) =>
  Object.assign(new EventTarget(), { media, matches: false, addListener() {}, removeListener() {} }) as never;
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

beforeEach(() => sessionStorage.clear());
afterEach(() => document.body.replaceChildren());
