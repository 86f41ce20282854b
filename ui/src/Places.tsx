import { Button, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Empty, PageHeading } from "./shared/Page";

export function Loading() {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t("loading")} className="loading">
      <Skeleton active paragraph={{ rows: 6 }} />
    </div>
  );
}

/** A screen that failed by itself. What was typed is kept, so reading the page again is safe. */
export function Broken() {
  const { t } = useTranslation();
  return (
    <main className="main">
      <PageHeading title={t("broken.title")} />
      <Empty title={t("broken.words")}>
        <Button type="primary" onClick={() => location.reload()}>
          {t("broken.reload")}
        </Button>
      </Empty>
    </main>
  );
}

export function NotFound() {
  const { t } = useTranslation();
  return (
    <>
      <PageHeading title={t("notFound.title")} />
      <Empty title={t("notFound.words")}>
        <Link to="/">{t("notFound.home")}</Link>
      </Empty>
    </>
  );
}
