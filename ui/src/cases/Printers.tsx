import { useQuery } from "@tanstack/react-query";
import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { listPrinters } from "../api/hall-calls";
import { Trouble } from "./Papers";

/** The printers that need a hand; nothing while all of them work. */
export function PrinterTroubles() {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ["hall", "live", "printers"],
    queryFn: listPrinters,
    refetchInterval: 20_000,
  });
  if (!data) return null;
  if (!data.items.length) return <Alert type="warning" showIcon title={t("printers.none")} />;
  return data.items
    .filter(({ trouble }) => trouble)
    .map(({ name, trouble }) => (
      <Alert
        key={name}
        type="warning"
        showIcon
        title={
          <>
            {t("printers.trouble", { name })}
            <Trouble code={trouble!} />
          </>
        }
      />
    ));
}
