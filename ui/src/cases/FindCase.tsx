import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Navigate } from "react-router";
import { findCase } from "../api/hall-calls";
import { Loaded, PageHeading } from "../shared/Page";

/** Where the code on a paper leads: to its case. */
export function FindCase({ scan }: { scan: string }) {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: ["hall", "found", scan], queryFn: () => findCase(scan), retry: false });
  return (
    <>
      <PageHeading title={t("scan.finding", { scan })} />
      <Loaded query={found}>{({ id }) => <Navigate replace to={`/cases/${id}`} />}</Loaded>
    </>
  );
}
