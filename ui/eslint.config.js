import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

/** Folders in the order in which they may know each other: each imports only from those before it. */
const features = ["session", "cases"];
const desks = ["window", "department", "output"];

const outOfReach = (files, folders, message) => ({
  files,
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          { regex: `^(\\.\\./)+(${folders.join("|")})(/|$)`, message },
          { regex: "^@tauri-apps/", message: "Only backend.ts knows the desktop shell." },
        ],
      },
    ],
  },
});

export default ts.config(
  { ignores: ["dist", "src/api/*.d.ts"] },
  js.configs.recommended,
  ts.configs.recommendedTypeChecked,
  hooks.configs.flat.recommended,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ["eslint.config.js"] } } },
    rules: {
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "@typescript-eslint/consistent-type-imports": "error",
      "no-restricted-globals": [
        "error",
        { name: "FormData", message: "A FormData or Blob body ends the desktop program; send bytes." },
        { name: "XMLHttpRequest", message: "Every request goes through backend.ts." },
        { name: "fetch", message: "Every request goes through backend.ts." },
        { name: "EventSource", message: "Use subscribe() of backend.ts." },
      ],
    },
  },
  outOfReach(
    ["src/shared/**", "src/i18n/**"],
    [...features, ...desks, "routes"],
    "shared knows no office words.",
  ),
  outOfReach(["src/session/**"], ["cases", ...desks, "routes"], "The session knows no desk."),
  outOfReach(["src/cases/**"], [...desks, "routes"], "What is shown of a case knows no desk."),
  ...desks.map((desk) =>
    outOfReach(
      [`src/${desk}/**`],
      [...desks.filter((other) => other !== desk), "routes"],
      "Desks do not know each other.",
    ),
  ),
  { files: ["src/backend.ts"], rules: { "no-restricted-globals": "off", "no-restricted-imports": "off" } },
  { files: ["eslint.config.js"], ...ts.configs.disableTypeChecked },
);
