using System.Globalization;
using P2PCloud.Cli.Output;
using P2PCloud.Simulation.Chord;
using P2PCloud.Simulation.Searches;

namespace P2PCloud.Cli.Simulate;

/// <summary>A report of searches as text.</summary>
internal static class LookupReportText
{
    private const string None = "-";

    public static void Write(CliConsole console, LookupReport report)
    {
        var spread = new TextTable("per search or node", "mean", "1st pct", "median", "99th pct", "max");
        spread.Add("recall", Number(report.Recall.Value), None, None, None, None);
        Add(spread, "messages", report.LookupMessages);
        spread.Add("bytes", Number(report.Bytes.Mean), None, None, None, None);
        Add(spread, "hops to a node that knows", report.Hops);
        Add(spread, "milliseconds", report.LatencyMs);
        spread.Add("time-outs", Number(report.Timeouts.Value), None, None, None, None);
        spread.Add("routing entries of a peer", Number(report.Entries.Value), None, None, None, None);
        var keys = report.KeysPerNode;
        spread.Add("postings held for others", None, Number(keys.P1), Number(keys.P50), Number(keys.P99), Number(keys.Max));
        spread.WriteTo(console);

        console.Out.WriteLine();
        var totals = new TextTable("in all", "value");
        totals.Add("nodes", Number(report.Nodes));
        totals.Add("lookups", Number(report.Lookups));
        totals.Add("failures", Number(report.Failures));
        totals.Add("messages", Number(report.Messages));
        totals.Add("idle messages per node and second", Number(report.Upkeep.MessagesPerNodeSecond));
        totals.Add("idle bytes per node and second", Number(report.Upkeep.BytesPerNodeSecond));
        totals.Add("events", Number(report.Events));
        totals.Add("wall seconds", Number(report.WallSeconds));
        totals.Add("peak memory, MiB", Number(report.PeakRssMB));
        totals.Add("seed", report.Seed.ToString(CultureInfo.InvariantCulture));
        totals.Add("event log hash", report.EventLogHash);
        totals.WriteTo(console);
    }

    private static void Add(TextTable table, string name, Distribution values) =>
        table.Add(name, Number(values.Mean), Number(values.P1), Number(values.P50), Number(values.P99), None);

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
