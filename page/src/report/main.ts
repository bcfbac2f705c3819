// Draws the charts of a backtest's report from the JSON that lies in the page.
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Legend,
  LinearScale,
  Tooltip,
  type ChartDataset,
} from "chart.js";
import "./report.css";

Chart.register(BarController, BarElement, CategoryScale, LinearScale, Legend, Tooltip);

interface KindBars {
  names: string[];
  right: number[];
  wrong: number[];
  undecided: number[];
}

interface ReportData {
  first_day: string;
  days: number;
  channels: string[];
  kinds: string[];
  /** [day, channel, kind, messages], only where there were any. */
  posts: [number, number, number, number][];
  leads: { names: string[]; counts: number[] };
  verdicts: KindBars;
}

const PALETTE = [
  "#2f6db3", "#e08a2e", "#3f9b6f", "#b6559b", "#7a6ad8", "#c9b037", "#4fa9c4", "#a65a3f", "#8bbf5f",
  "#d16d7a", "#5e7f8c", "#8a8f98",
];
const NAMED_AT_MOST = PALETTE.length - 1;
const DAYS_SHOWN_SINGLY = 100;
const WEEKS_SHOWN_SINGLY = 120;

Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
Chart.defaults.font.size = 12;
Chart.defaults.color = "#5a6270";
Chart.defaults.animation = false;
Chart.defaults.maintainAspectRatio = false;

const element = document.getElementById("figures");
if (element?.textContent) draw(JSON.parse(element.textContent) as ReportData);

function draw(data: ReportData): void {
  const byChannel = canvas("by-channel");
  if (byChannel) stacked(byChannel, data, data.channels, (post) => post[1], () => true);

  const byKind = canvas("by-kind");
  const choice = document.getElementById("channel") as HTMLSelectElement | null;
  if (byKind && choice) {
    let chart: Chart | null = null;
    const redraw = (): void => {
      const chosen = Number(choice.value);
      chart?.destroy();
      chart = stacked(byKind, data, data.kinds, (post) => post[2],
        (post) => chosen < 0 || post[1] === chosen);
    };
    choice.addEventListener("change", redraw);
    redraw();
  }

  const leads = canvas("leads");
  if (leads) {
    bars(leads, data.leads.names, [
      { label: "Late deliveries", data: data.leads.counts, backgroundColor: PALETTE[0] },
    ]);
  }

  const verdicts = canvas("verdicts");
  if (verdicts) {
    verdicts.parentElement!.style.height = `${80 + 28 * data.verdicts.names.length}px`;
    new Chart(verdicts, {
      type: "bar",
      data: {
        labels: data.verdicts.names,
        datasets: [
          { label: "Right", data: data.verdicts.right, backgroundColor: "#3f9b6f" },
          { label: "Wrong", data: data.verdicts.wrong, backgroundColor: "#e08a2e" },
          { label: "Not to be told", data: data.verdicts.undecided, backgroundColor: "#c3c8d0" },
        ],
      },
      options: {
        indexAxis: "y",
        scales: { x: { stacked: true, ticks: { precision: 0 } }, y: { stacked: true, grid: { display: false } } },
        plugins: { legend: { position: "bottom" } },
      },
    });
  }
}

/** One bar a day, a week or a month, whichever can still be told apart. */
function stacked(
  target: HTMLCanvasElement,
  data: ReportData,
  names: string[],
  series: (post: ReportData["posts"][number]) => number,
  counts: (post: ReportData["posts"][number]) => boolean,
): Chart {
  const { labels, bucketOf, unit } = buckets(data);
  const totals = names.map(() => 0);
  const counted = names.map(() => labels.map(() => 0));
  for (const post of data.posts) {
    if (!counts(post)) continue;
    const at = series(post);
    counted[at]![bucketOf(post[0])]! += post[3];
    totals[at]! += post[3];
  }
  const largest = totals.map((total, at) => ({ total, at })).filter(({ total }) => total > 0)
    .sort((one, other) => other.total - one.total);
  const single = largest.length > NAMED_AT_MOST + 1 ? largest.slice(0, NAMED_AT_MOST) : largest;
  const rest = largest.slice(single.length);
  const datasets: ChartDataset<"bar">[] = single.map(({ at }, place) => ({
    label: names[at]!, data: counted[at]!, backgroundColor: PALETTE[place]!,
  }));
  if (rest.length) {
    datasets.push({
      label: `${rest.length} others`,
      data: labels.map((_, bucket) => rest.reduce((sum, { at }) => sum + counted[at]![bucket]!, 0)),
      backgroundColor: PALETTE[NAMED_AT_MOST]!,
    });
  }
  const caption = target.parentElement?.querySelector(".unit");
  if (caption) caption.textContent = `Messages a ${unit}`;
  return bars(target, labels, datasets);
}

function bars(target: HTMLCanvasElement, labels: string[], datasets: ChartDataset<"bar">[]): Chart {
  return new Chart(target, {
    type: "bar",
    data: { labels, datasets: datasets.map((one) => ({ ...one, categoryPercentage: 0.95, barPercentage: 0.95 })) },
    options: {
      interaction: { mode: "index", intersect: false },
      scales: {
        x: { stacked: true, grid: { display: false }, ticks: { maxRotation: 0, autoSkipPadding: 16 } },
        y: { stacked: true, beginAtZero: true, ticks: { precision: 0 } },
      },
      plugins: {
        legend: { display: datasets.length > 1, position: "bottom", labels: { boxWidth: 12 } },
        tooltip: { filter: (item) => item.parsed.y !== 0 },
      },
    },
  });
}

function buckets(data: ReportData): { labels: string[]; bucketOf: (day: number) => number; unit: string } {
  const first = new Date(`${data.first_day}T00:00:00Z`);
  const dayAt = (day: number): Date => new Date(first.getTime() + day * 86_400_000);
  const short = (date: Date): string =>
    date.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "2-digit", timeZone: "UTC" });
  if (data.days <= DAYS_SHOWN_SINGLY) {
    return { labels: range(data.days).map((day) => short(dayAt(day))), bucketOf: (day) => day, unit: "day" };
  }
  if (data.days <= WEEKS_SHOWN_SINGLY * 7) {
    const weekday = (first.getUTCDay() + 6) % 7; // Monday is 0
    const bucketOf = (day: number): number => Math.floor((day + weekday) / 7);
    const count = bucketOf(data.days - 1) + 1;
    return {
      labels: range(count).map((week) => `Week of ${short(dayAt(week * 7 - weekday))}`), bucketOf, unit: "week",
    };
  }
  const monthOf = (day: number): number => {
    const date = dayAt(day);
    return (date.getUTCFullYear() - first.getUTCFullYear()) * 12 + date.getUTCMonth() - first.getUTCMonth();
  };
  const month = (offset: number): string =>
    new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + offset, 1))
      .toLocaleDateString("en-GB", { month: "short", year: "2-digit", timeZone: "UTC" });
  return { labels: range(monthOf(data.days - 1) + 1).map(month), bucketOf: monthOf, unit: "month" };
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at);
}

function canvas(id: string): HTMLCanvasElement | null {
  return document.getElementById(id) as HTMLCanvasElement | null;
}
