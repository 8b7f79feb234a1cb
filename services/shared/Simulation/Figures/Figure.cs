namespace P2PCloud.Simulation.Figures;

/// <summary>A published figure or table, reproduced.</summary>
/// <param name="Name">Stem of its files: lower-case words with hyphens.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Source">Paper and number of the figure or table.</param>
/// <param name="Method">How it was measured here, with sizes.</param>
/// <param name="Panels">One plot each.</param>
public sealed record Figure(string Name, string Title, string Source, string Method, IReadOnlyList<Panel> Panels)
{
    /// <summary>Rows with a published value to compare with.</summary>
    public IEnumerable<FigureRow> Compared => Panels.SelectMany(panel => panel.Series).SelectMany(series => series.Rows).Where(row => row.Published is not null);
}

/// <summary>One plot of a figure.</summary>
/// <param name="Name">Told apart from the other panels of the figure; empty when it is the only one.</param>
/// <param name="XLabel">What x is, with its unit.</param>
/// <param name="YLabel">What the values are, with their unit.</param>
/// <param name="Series">Quantities drawn together.</param>
public sealed record Panel(string Name, string XLabel, string YLabel, IReadOnlyList<Series> Series)
{
    /// <summary>x is drawn by its logarithm to base 2.</summary>
    public bool LogX { get; init; }

    /// <summary>Values are drawn by their logarithm to base 10; those of 0 are left out.</summary>
    public bool LogY { get; init; }
}

/// <summary>A quantity over x.</summary>
/// <param name="Quantity">What is measured.</param>
/// <param name="Rows">By ascending x.</param>
public sealed record Series(string Quantity, IReadOnlyList<FigureRow> Rows)
{
    /// <summary>What <see cref="FigureRow.Published"/> is.</summary>
    public string PublishedAs { get; init; } = "published";

    /// <summary>What <see cref="FigureRow.Other"/> is; null when no row has one.</summary>
    public string? OtherAs { get; init; }
}

/// <summary>A computed value with the published one beside it.</summary>
/// <param name="X">Where.</param>
/// <param name="Ours">The mean over the runs.</param>
/// <param name="StandardError">Of <paramref name="Ours"/>, from the scatter of the runs; null for a single run.</param>
/// <param name="Published">Null where the source has no value for this x.</param>
/// <param name="Rule">When ours and the published value agree.</param>
/// <param name="Other">A further value to compare by eye: the paper's prediction, or what follows from theory.</param>
public sealed record FigureRow(double X, double Ours, double? StandardError, PublishedValue? Published, Rule Rule, double? Other = null)
{
    /// <summary>Whether the rule holds; null without a published value.</summary>
    public bool? Agrees => Published is { } published ? Rule.Holds(Ours, StandardError ?? 0, published) : null;
}

/// <summary>A value as printed.</summary>
/// <param name="Value">The number.</param>
/// <param name="Digits">Digits after the point: what is printed stands for anything that rounds to it.</param>
public sealed record PublishedValue(double Value, int Digits)
{
    /// <summary>Half a unit of the last printed digit.</summary>
    public double Rounding => 0.5 * Math.Pow(10, -Digits);
}
