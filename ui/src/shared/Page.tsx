import { Button, Skeleton } from "antd";
import { useEffect, useId, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "../api/failure";
import { Problem } from "./Problem";

/** The heading of a screen; also the title of the window. */
export function PageHeading({
  title,
  hidden,
  children,
}: {
  title: string;
  hidden?: boolean;
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t("product")}`;
  }, [title, t]);
  return (
    <div className={hidden ? "visually-hidden" : "page-heading"}>
      <h1>{title}</h1>
      {children}
    </div>
  );
}

interface SectionProps {
  title: string;
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
}

export function Section({ title, aside, className, children }: SectionProps) {
  const id = useId();
  return (
    <section className={`section ${className ?? ""}`} aria-labelledby={id}>
      <header className="section-head">
        <h2 id={id}>{title}</h2>
        {aside}
      </header>
      <div className="section-body">{children}</div>
    </section>
  );
}

/** An empty place that says what to do. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children && <p>{children}</p>}
    </div>
  );
}

interface LoadedProps<T> {
  query: { data?: T; error: unknown; isPending: boolean; refetch: () => unknown };
  children: (data: T) => ReactNode;
}

/** What was read, or that it is being read, or why it could not be. */
export function Loaded<T>({ query, children }: LoadedProps<T>) {
  const { t } = useTranslation();
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <Problem of={Failure.of(query.error)} onRetry={() => void query.refetch()} />;
  return (
    <div role="status" aria-label={t("loading")} className="loading">
      <Skeleton active paragraph={{ rows: 4 }} />
    </div>
  );
}

interface MoreProps {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}

export function More({ query }: MoreProps) {
  const { t } = useTranslation();
  if (!query.hasNextPage) return null;
  return (
    <Button block loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
      {t("more")}
    </Button>
  );
}
