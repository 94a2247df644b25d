import './theme.css';
import './main.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app';
import { LiveStore } from './live/live.store';
import { LiveContext } from './live/use-live';

const root = document.getElementById('root');
if (root === null) throw new Error('#root is missing in the page');

createRoot(root).render(
  <StrictMode>
    <LiveContext value={new LiveStore()}>
      <App />
    </LiveContext>
  </StrictMode>,
);
