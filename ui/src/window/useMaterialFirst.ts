import { App } from "antd";
import { useTranslation } from "react-i18next";
import type { ItemView } from "../api/types";
import { focusOn } from "./goals";

/** Nobody has looked at what is not there: leads to the material itself, and says so. */
export function useMaterialFirst(item: ItemView | undefined): (code: string) => void {
  const { t } = useTranslation();
  const { message } = App.useApp();
  return (code) => {
    const name = item?.materials.find((one) => one.code === code)?.name ?? code;
    focusOn({ part: "material", code, name, fault: { code: "required" } });
    void message.info({ key: "material-first", content: t("window.materialFirst", { name }) });
  };
}
