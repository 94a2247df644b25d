import { type Candle, decimalsOf } from '@tickbridge/contracts';
import {
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  type CandlestickData,
  type IChartApi,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import { useEffect, useRef } from 'react';
import { atCandles, type ChartMark } from './chart-marks';
import { candleAt, type ChartCandle } from './live-candle';

interface CandleChartProps {
  candles: readonly Candle[];
  marks: readonly ChartMark[];
  intervalMs: number;
  /** Moves the candle of its own interval between two readings. */
  price: number | null;
  /** When the exchange had it (ms since 1970). */
  priceTime: number | null;
  /** Decimal places of the axis; `undefined` while the instrument is not known. */
  decimals: number | undefined;
}

interface Handles {
  chart: IChartApi;
  candles: ISeriesApi<'Candlestick'>;
  volume: ISeriesApi<'Histogram'>;
  marks: ISeriesMarkersPluginApi<Time>;
}

/** The chart knows UTC only; shifted by India's offset its axis reads in Indian time. */
const IST_OFFSET_S = 5.5 * 3_600;

/** Candles with volume, in Indian time. */
export function CandleChart({ candles, marks, intervalMs, price, priceTime, decimals }: CandleChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const handles = useRef<Handles | null>(null);
  const newest = useRef<ChartCandle | null>(null);

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
    const precision = decimals ?? decimalsSeen(candles);
    handles.current?.candles.applyOptions({
      // Below a millionth the step itself is no exact number; its inverse is.
      priceFormat: { type: 'price', precision, minMove: 10 ** -precision, base: 10 ** precision },
    });
  }, [candles, decimals]);

  useEffect(() => {
    const chart = handles.current;
    if (chart === null) return;
    const read = candles.map(toCandle);
    chart.candles.setData(read.map(toChartData));
    // An index has no volume: no bars rather than a line of zeros.
    const traded = candles.some(({ volume }) => volume > 0);
    chart.volume.setData(
      (traded ? candles : []).map((candle) => ({
        time: chartTime(Date.parse(candle.time)),
        value: candle.volume,
        color: candle.close >= candle.open ? 'rgba(53, 192, 138, 0.28)' : 'rgba(242, 112, 122, 0.28)',
      })),
    );
    newest.current = read.at(-1) ?? null;
  }, [candles]);

  useEffect(() => {
    handles.current?.marks.setMarkers(atCandles(marks, candles).map(toChartMark));
  }, [candles, marks]);

  // Only a price that moved shows a trade: quotes have times too, and a candle without a trade is none.
  const priceAt = useRef(priceTime);
  priceAt.current = priceTime;
  useEffect(() => {
    const time = priceAt.current;
    if (newest.current === null || price === null || time === null) return;
    const candle = candleAt(newest.current, { price, time }, intervalMs);
    if (candle === undefined) return;
    newest.current = candle;
    handles.current?.candles.update(toChartData(candle));
  }, [price, intervalMs]);

  return <div ref={box} className="candle-chart" role="img" aria-label="Candle chart" />;
}

/** Decimals that the candles' prices have, two at least. */
function decimalsSeen(candles: readonly Candle[]): number {
  return candles.reduce((most, { close }) => Math.max(most, decimalsOf(close)), 2);
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
    rightPriceScale: { borderColor: '#1d2733' },
    timeScale: {
      borderColor: '#1d2733',
      timeVisible: true,
      secondsVisible: true,
      rightOffset: 4,
      minBarSpacing: 2,
    },
    crosshair: { vertLine: { color: '#3a4a5c' }, horzLine: { color: '#3a4a5c' } },
  });
  const candles = chart.addSeries(CandlestickSeries, {
    upColor: '#35c08a',
    downColor: '#f2707a',
    wickUpColor: '#35c08a',
    wickDownColor: '#f2707a',
    borderVisible: false,
  });
  const volume = chart.addSeries(HistogramSeries, {
    priceScaleId: 'volume',
    priceFormat: { type: 'volume' },
    lastValueVisible: false,
    priceLineVisible: false,
  });
  showAllOnce(chart);
  chart.priceScale('volume').applyOptions({ scaleMargins: { top: 0.82, bottom: 0 } });
  return { chart, candles, volume, marks: createSeriesMarkers(candles, []) };
}

/** Fits all candles in when the chart first has a width: on a phone it is made before it is shown. */
function showAllOnce(chart: IChartApi): void {
  const timeScale = chart.timeScale();
  const fit = (width: number) => {
    if (width === 0) return;
    timeScale.unsubscribeSizeChange(fit);
    requestAnimationFrame(() => timeScale.fitContent());
  };
  timeScale.subscribeSizeChange(fit);
}

function toCandle({ time, open, high, low, close }: Candle): ChartCandle {
  return { openTime: Date.parse(time), open, high, low, close };
}

function toChartData({ openTime, open, high, low, close }: ChartCandle): CandlestickData {
  return { time: chartTime(openTime), open, high, low, close };
}

function toChartMark({ time, kind, side }: ChartMark) {
  const buy = side === 'BUY';
  return {
    time: chartTime(time),
    position: buy ? ('belowBar' as const) : ('aboveBar' as const),
    shape: kind === 'fill' ? ('circle' as const) : buy ? ('arrowUp' as const) : ('arrowDown' as const),
    color: side === 'EXIT' ? '#e8b04b' : buy ? '#35c08a' : '#f2707a',
    text: kind === 'fill' ? '' : side,
    size: kind === 'fill' ? 0.7 : 1,
  };
}

function chartTime(epochMs: number): UTCTimestamp {
  return (Math.floor(epochMs / 1_000) + IST_OFFSET_S) as UTCTimestamp;
}
