using System.Globalization;
using P2PCloud.Simulation.Figures;
using P2PCloud.Simulation.Searches;

namespace P2PCloud.Simulation.Comparison;

/// <summary>The figures of one row.</summary>
internal sealed class VariantFigures(VariantPlan plan)
{
    private readonly List<ComparedFigure> _figures = [];
    private readonly LawBook _laws = new(plan);

    public IReadOnlyList<ComparedFigure> All()
    {
        var report = plan.Base;
        var laws = report.Laws;
        Add(FigureNames.Success, "share", laws.Success);
        Add(FigureNames.Recall, "share", laws.Recall);
        Add(FigureNames.Messages, "messages", laws.Messages);
        Add(FigureNames.Bytes, "bytes", report.Bytes.Mean);
        Add(FigureNames.AcknowledgementBytes, "bytes", report.Bytes.Acknowledgements);
        Add(FigureNames.Hops, "hops", laws.Hops);
        Add(FigureNames.Latency, "ms", report.LatencyMs.Mean);
        Add(FigureNames.LatencyP50, "ms", report.LatencyMs.P50);
        Add(FigureNames.LatencyP99, "ms", report.LatencyMs.P99);
        Add(FigureNames.Entries, "entries", report.Entries.Value);
        Add(FigureNames.PostingsMax, "postings", report.KeysPerNode.Max);
        Add(FigureNames.UpkeepMessages, "1/s", report.Upkeep.MessagesPerNodeSecond);
        Add(FigureNames.UpkeepBytes, "bytes/s", report.Upkeep.BytesPerNodeSecond);
        foreach (var share in plan.Settings.Dead)
        {
            var dead = plan.Dead(share);
            Add(FigureNames.SuccessWithDead(share), "share", dead.Laws.Success);
            Add(FigureNames.MessagesWithDead(share), "messages", dead.Laws.Messages);
        }

        if (plan.Churn is { } churn)
        {
            Add(FigureNames.SuccessUnderChurn, "share", churn.Laws.Success.Measured.Mean);
            Add(FigureNames.RecallUnderChurn, "share", churn.Laws.Recall.Measured.Mean);
        }

        return _figures;
    }

    private void Add(string name, string unit, double measured) => Add(name, unit, measured, null, null);

    private void Add(string name, string unit, LawSamples compared) => Add(
        name,
        unit,
        compared.Measured.Mean,
        compared.Measured.StandardError,
        compared.Predicted.Count > 0 ? compared.Predicted.Mean : null);

    private void Add(string name, string unit, double measured, double? error, double? predicted)
    {
        var law = _laws.Of(name, predicted);
        _figures.Add(new ComparedFigure(
            name,
            unit,
            Rounded(measured),
            error is { } value ? Rounded(value) : null,
            law is null ? null : Rounded(law.Value),
            law?.Formula,
            law?.Rule.Holds(measured, error ?? 0, new PublishedValue(law.Value, Digits)),
            law?.Explanation));
    }

    private const int Digits = 6;

    private static double Rounded(double value) => Math.Round(value, Digits);
}

/// <summary>Names of the figures, the same in all rows.</summary>
public static class FigureNames
{
    /// <summary>A living holder was found.</summary>
    public const string Success = "success";

    /// <summary>Share of the living holders found.</summary>
    public const string Recall = "recall";

    /// <summary>Lookup messages of a search.</summary>
    public const string Messages = "messages";

    /// <summary>Their JSON bodies.</summary>
    public const string Bytes = "bytes";

    /// <summary>Bodies of what only acknowledges them.</summary>
    public const string AcknowledgementBytes = "acknowledgement bytes";

    /// <summary>Remote steps to the first node that knew of a holder.</summary>
    public const string Hops = "hops";

    /// <summary>Until the answer was complete.</summary>
    public const string Latency = "latency, mean";

    /// <summary>Its median.</summary>
    public const string LatencyP50 = "latency, median";

    /// <summary>Its 99th percentile.</summary>
    public const string LatencyP99 = "latency, 99th percentile";

    /// <summary>Routing entries of a peer.</summary>
    public const string Entries = "routing entries of a peer";

    /// <summary>Postings at the node that holds most for others.</summary>
    public const string PostingsMax = "postings at the fullest node";

    /// <summary>Messages of an idle node.</summary>
    public const string UpkeepMessages = "upkeep messages per node and second";

    /// <summary>Their JSON bodies.</summary>
    public const string UpkeepBytes = "upkeep bytes per node and second";

    /// <summary>While peers join and leave.</summary>
    public const string SuccessUnderChurn = "success under churn";

    /// <summary>While peers join and leave.</summary>
    public const string RecallUnderChurn = "recall under churn";

    /// <summary>With a share of the nodes dead and nothing repaired.</summary>
    public static string SuccessWithDead(double share) => string.Create(CultureInfo.InvariantCulture, $"success, {share:P0} dead");

    /// <summary>With a share of the nodes dead and nothing repaired.</summary>
    public static string MessagesWithDead(double share) => string.Create(CultureInfo.InvariantCulture, $"messages, {share:P0} dead");
}
