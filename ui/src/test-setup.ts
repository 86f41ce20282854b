import { afterEach, beforeEach } from "vitest";

beforeEach(() => sessionStorage.clear());
afterEach(() => document.body.replaceChildren());
