/// <reference types="vitest/config" />
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { rareCharacters } from "./rare-characters";

/** `npm run dev` shows the pages of the sources against the server named in YICHUANG_SERVER, or the demo's usual address. */
export default defineConfig({
  plugins: [react(), rareCharacters()],
  resolve: {
    alias: { "@rjsf/validator-ajv8": fileURLToPath(new URL("src/shared/no-ajv.ts", import.meta.url)) },
  },
  // Fonts and pictures stay files: the content security policy has no `data:` for fonts.
  build: { assetsInlineLimit: 0, chunkSizeWarningLimit: 2500 },
  server: { proxy: { "/api": { target: process.env.YICHUANG_SERVER ?? "http://127.0.0.1:8600" } } },
  test: {
    environment: "jsdom",
    setupFiles: ["src/test-setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    // A computer that is busy with other things is slow, and nothing is wrong.
    testTimeout: 30_000,
    // Without this the alias above does not reach rjsf.
    server: { deps: { inline: [/@rjsf/] } },
  },
});
