import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { rememberLanguage } from "../i18n";

/** Says on every screen that nothing here is real. */
export function DemoMark({ today }: { today: string }) {
  const { t } = useTranslation();
  return (
    <span className="demo-mark" data-testid="demo-mark">
      {t("demo.mark")}
      <small>{t("demo.today", { today })}</small>
    </span>
  );
}

export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  const other = i18n.language.startsWith("zh") ? "en" : "zh";
  return (
    <Button
      size="small"
      data-testid="language-switch"
      lang={other === "en" ? "en" : "zh-CN"}
      aria-label={other === "en" ? "Switch to English" : "切换为中文"}
      onClick={() => rememberLanguage(other)}
    >
      {t("otherLanguage")}
    </Button>
  );
}
