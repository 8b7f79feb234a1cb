using System.Text.Json.Serialization;
using P2PCloud.Simulation.Figures;

namespace P2PCloud.Simulation.Comparison;

/// <summary>The techniques side by side. Equal settings give equal reports: it has no real times.</summary>
/// <param name="Source"><c>simulation</c>, or <c>cloud</c> for a running one.</param>
/// <param name="Nodes">N: peers.</param>
/// <param name="Files">F: different files.</param>
/// <param name="Queries">Searches by each technique and mode.</param>
/// <param name="Replicas">Peers that share each file.</param>
/// <param name="Popularity"><c>uniform</c> or <c>zipf:s</c>.</param>
/// <param name="Churn">Joins, and leaves, per second of the runs under churn.</param>
/// <param name="Seed">To repeat it.</param>
/// <param name="Rows">A technique and mode each.</param>
public sealed record ComparisonReport(
    string Source,
    int Nodes,
    int Files,
    int Queries,
    int Replicas,
    string Popularity,
    double Churn,
    ulong Seed,
    IReadOnlyList<TechniqueRow> Rows)
{
    /// <summary>Curves over N; empty for a running cloud. In the JSON as <c>curves</c>, by quantity.</summary>
    [JsonIgnore]
    public IReadOnlyList<Figure> Curves { get; init; } = [];

    /// <summary>Points of the curves.</summary>
    [JsonPropertyName("curves")]
    public IReadOnlyList<CurvePoint> Points =>
    [
        .. from figure in Curves
           from panel in figure.Panels
           from series in panel.Series
           from row in series.Rows
           select new CurvePoint(figure.Name, series.Quantity, (int)row.X, row.Ours, row.Other),
    ];

    /// <summary>Figures beside a law.</summary>
    [JsonIgnore]
    public IEnumerable<ComparedFigure> Compared => Rows.SelectMany(row => row.Figures).Where(figure => figure.Agrees is not null);
}

/// <summary>What was measured of a technique in one mode.</summary>
/// <param name="Technique">One of the four.</param>
/// <param name="Mode">In the words of the REST interface; empty where there is one way only.</param>
/// <param name="Label">For people, with what is special.</param>
/// <param name="Figures">In the same order for all rows; what was not measured is missing.</param>
public sealed record TechniqueRow(string Technique, string Mode, string Label, IReadOnlyList<ComparedFigure> Figures);

/// <summary>A measured figure with the law's value beside it.</summary>
/// <param name="Name">The same in all rows.</param>
/// <param name="Unit">Of the values.</param>
/// <param name="Measured">Mean over the searches or nodes, unless the name says otherwise.</param>
/// <param name="StandardError">Of the mean, where it is known.</param>
/// <param name="Law">What the law says; null where there is none.</param>
/// <param name="Formula">The law in symbols.</param>
/// <param name="Agrees">Within 3 standard errors or 5 % of the law, or on the side of a bound; null without a law.</param>
/// <param name="Explanation">Why it does not agree, or what to know about it; null when there is nothing to say.</param>
public sealed record ComparedFigure(
    string Name, string Unit, double Measured, double? StandardError, double? Law, string? Formula, bool? Agrees, string? Explanation);

/// <summary>A point of a curve.</summary>
/// <param name="Figure">Name of the quantity.</param>
/// <param name="Series">Technique and mode.</param>
/// <param name="Nodes">N.</param>
/// <param name="Measured">Mean.</param>
/// <param name="Law">What the law says.</param>
public sealed record CurvePoint(string Figure, string Series, int Nodes, double Measured, double? Law);
