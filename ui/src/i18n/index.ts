import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import i18n from "i18next";
import { initReactI18next } from "react-i18next";
import { en } from "./en";
import { zh } from "./zh";

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof zh };
  }
}

export type Language = "zh" | "en";
const KEPT = "yichuang.language";

function apply(language: Language) {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  dayjs.locale(language === "zh" ? "zh-cn" : "en");
}

export function rememberLanguage(language: Language): void {
  localStorage.setItem(KEPT, language);
  apply(language);
  void i18n.changeLanguage(language);
}

const language: Language = localStorage.getItem(KEPT) === "en" ? "en" : "zh";
apply(language);
void i18n.use(initReactI18next).init({
  lng: language,
  fallbackLng: "zh",
  resources: { zh: { translation: zh }, en: { translation: en } },
  interpolation: { escapeValue: false },
  initAsync: false,
});

export default i18n;
