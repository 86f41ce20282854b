import { lazy, Suspense } from "react";
import { createBrowserRouter, Navigate, useParams } from "react-router";
import { CaseList } from "./cases/CaseList";
import { CasePage } from "./cases/CasePage";
import { FindCase } from "./cases/FindCase";
import { TaskDesk } from "./department/TaskDesk";
import { Frame } from "./Frame";
import { OutputDesk } from "./output/OutputDesk";
import { deskPath, desksOf, useCurrentSession } from "./session/useSession";
import { Broken, Loading, NotFound } from "./Places";

const WindowDesk = lazy(() =>
  import("./window/WindowDesk").then(({ WindowDesk: desk }) => ({ default: desk })),
);

function HallHome() {
  const desk = desksOf("hall", useCurrentSession())[0];
  return <Navigate replace to={deskPath(desk ?? "cases")} />;
}

function Output() {
  return <OutputDesk caseId={useParams().id} />;
}

function Case() {
  const { id = "" } = useParams();
  return <CasePage key={id} id={id} />;
}

function Find() {
  return <FindCase scan={useParams().number ?? ""} />;
}

function Tasks() {
  return <TaskDesk taskId={useParams().id} />;
}

const notFound = { path: "*", element: <NotFound /> };

export const router = createBrowserRouter([
  {
    path: "/department",
    element: <Frame service="department" />,
    errorElement: <Broken />,
    children: [{ index: true, element: <Tasks /> }, { path: ":id", element: <Tasks /> }, notFound],
  },
  {
    path: "/",
    element: <Frame service="hall" />,
    errorElement: <Broken />,
    children: [
      { index: true, element: <HallHome /> },
      {
        path: "window",
        element: (
          <Suspense fallback={<Loading />}>
            <WindowDesk />
          </Suspense>
        ),
      },
      { path: "output", element: <Output /> },
      { path: "output/:id", element: <Output /> },
      { path: "cases", element: <CaseList /> },
      { path: "cases/:id", element: <Case /> },
      { path: "c/:number", element: <Find /> },
      notFound,
    ],
  },
]);
