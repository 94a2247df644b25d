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

interface CandleChartProps {
  candles: readonly Candle[];
  marks: readonly ChartMark[];
  /** Moves the last candle between two readings. */
  lastPrice: number | null;
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
export function CandleChart({ candles, marks, lastPrice, decimals }: CandleChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const handles = useRef<Handles | null>(null);
  const last = useRef<CandlestickData | null>(null);

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
    const data = candles.map(toChartCandle);
    chart.candles.setData(data);
    // An index has no volume: no bars rather than a line of zeros.
    const traded = candles.some(({ volume }) => volume > 0);
    chart.volume.setData(
      (traded ? candles : []).map((candle) => ({
        time: chartTime(Date.parse(candle.time)),
        value: candle.volume,
        color: candle.close >= candle.open ? 'rgba(53, 192, 138, 0.28)' : 'rgba(242, 112, 122, 0.28)',
      })),
    );
    last.current = data.at(-1) ?? null;
  }, [candles]);

  useEffect(() => {
    handles.current?.marks.setMarkers(atCandles(marks, candles).map(toChartMark));
  }, [candles, marks]);

  useEffect(() => {
    const candle = last.current;
    if (candle === null || lastPrice === null) return;
    last.current = {
      ...candle,
      high: Math.max(candle.high, lastPrice),
      low: Math.min(candle.low, lastPrice),
      close: lastPrice,
    };
    handles.current?.candles.update(last.current);
  }, [lastPrice]);

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

function toChartCandle(candle: Candle): CandlestickData {
  const { open, high, low, close } = candle;
  return { time: chartTime(Date.parse(candle.time)), open, high, low, close };
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
