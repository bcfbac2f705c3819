import { useState } from "react";
import { Blocks } from "../blocks/Blocks";
import { useWorkspace } from "../names";
import { SurfaceContext, useSurfaceState } from "../surface";
import type { View } from "../types";

function HomeView({ view }: { view: View }) {
  const { me } = useWorkspace();
  const [error, setError] = useState("");
  const surface = useSurfaceState(me, { view_id: view.id }, view.blocks, setError);
  return (
    <SurfaceContext value={surface}>
      {error && (
        <p className="action-error" role="alert">
          {error}
        </p>
      )}
      <Blocks blocks={view.blocks} />
    </SurfaceContext>
  );
}

export function AppHome({ view }: { view: View | null | undefined }) {
  const { app } = useWorkspace();
  return (
    <div className="home" data-testid="home" tabIndex={0} role="region" aria-label={`${app.name} home`}>
      <div className="home-inner">
        {view ? (
          <HomeView key={view.id} view={view} />
        ) : (
          <p className="empty" role="status">
            {view === null ? `${app.name} hasn't set up its home yet.` : "Loading…"}
          </p>
        )}
      </div>
    </div>
  );
}
