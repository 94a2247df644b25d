import {
  AreaSeries,
  createChart,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
  type UTCTimestamp,
} from 'lightweight-charts';
import { useEffect, useRef } from 'react';
import { drawdownsOf, onceASecond } from './equity-points';

interface EquityChartProps {
  label: string;
  /** Oldest first. */
  points: readonly { at: string; equity: string }[];
}

interface Handles {
  chart: IChartApi;
  equity: ISeriesApi<'Area'>;
  drawdown: ISeriesApi<'Histogram'>;
}

/** The chart knows UTC only; shifted by India's offset its axis reads in Indian time. */
const IST_OFFSET_S = 5.5 * 3_600;

/** Equity over time, and below it how far it was under its peak. */
export function EquityChart({ label, points }: EquityChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const handles = useRef<Handles | null>(null);

  useEffect(() => {
    if (box.current === null) return;
    const made = makeChart(box.current);
    handles.current = made;
    return () => {
      handles.current = null;
      made.chart.remove();
    };
  }, []);

  useEffect(() => {
    if (handles.current === null) return;
    const { chart, equity, drawdown } = handles.current;
    const measured = onceASecond(points);
    equity.setData(measured.map(({ second, value }) => ({ time: chartTime(second), value })));
    drawdown.setData(
      drawdownsOf(measured).map(({ second, value }) =>
        value === 0 ? { time: chartTime(second) } : { time: chartTime(second), value: -value },
      ),
    );
    chart.timeScale().fitContent();
  }, [points]);

  return <div ref={box} className="equity-chart" role="img" aria-label={label} />;
}

function makeChart(box: HTMLDivElement): Handles {
  const chart = createChart(box, {
    autoSize: true,
    layout: {
      background: { color: 'transparent' },
      textColor: '#93a1b1',
      fontSize: 11,
      fontFamily: getComputedStyle(document.documentElement).fontFamily,
      // The page's footer names the maker instead: the logo brings a style element the page's policy refuses.
      attributionLogo: false,
    },
    grid: { vertLines: { color: '#131b24' }, horzLines: { color: '#131b24' } },
    rightPriceScale: { borderColor: '#1d2733', scaleMargins: { top: 0.08, bottom: 0.3 } },
    timeScale: { borderColor: '#1d2733', timeVisible: true, secondsVisible: false, minBarSpacing: 0.01 },
    crosshair: { vertLine: { color: '#3a4a5c' }, horzLine: { color: '#3a4a5c' } },
    handleScroll: { vertTouchDrag: false },
  });
  const equity = chart.addSeries(AreaSeries, {
    lineColor: '#6aa9ff',
    lineWidth: 2,
    topColor: 'rgba(106, 169, 255, 0.22)',
    bottomColor: 'rgba(106, 169, 255, 0.02)',
    priceLineVisible: false,
  });
  const drawdown = chart.addSeries(HistogramSeries, {
    priceScaleId: 'drawdown',
    color: 'rgba(242, 112, 122, 0.55)',
    base: 0,
    lastValueVisible: false,
    priceLineVisible: false,
  });
  chart.priceScale('drawdown').applyOptions({ scaleMargins: { top: 0.78, bottom: 0 } });
  return { chart, equity, drawdown };
}

function chartTime(second: number): UTCTimestamp {
  return (second + IST_OFFSET_S) as UTCTimestamp;
}
