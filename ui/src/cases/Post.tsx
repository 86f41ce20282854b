import { useTranslation } from "react-i18next";
import type { Post } from "../api/types";
import { Row } from "../shared/Rows";

/** How a result was sent: the number of the parcel, and where it goes. */
export function PostRows({ of: post }: { of: Post }) {
  const { t } = useTranslation();
  return (
    <>
      <Row title={t("post.sent")}>
        <span lang="zh-CN">{post.carrier}</span> · <b className="number">{post.tracking_number}</b>
      </Row>
      <Row title={t("post.to")}>
        <span lang="zh-CN">
          {post.addressee} · {post.address}
        </span>
        {post.phone && (
          <>
            {" · "}
            <span className="number">{post.phone}</span>
          </>
        )}
        {post.note && (
          <>
            {" · "}
            <span lang="zh-CN">{post.note}</span>
          </>
        )}
      </Row>
    </>
  );
}
