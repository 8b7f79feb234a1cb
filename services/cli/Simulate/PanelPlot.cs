using System.Globalization;
using P2PCloud.Simulation.Figures;
using ScottPlot;
using ScottPlot.TickGenerators;
using Color = ScottPlot.Color;
using Panel = P2PCloud.Simulation.Figures.Panel;

namespace P2PCloud.Cli.Simulate;

/// <summary>Draws a panel: ours as solid lines with filled marks, published values dashed with open marks, further values dotted.</summary>
internal static class PanelPlot
{
    public const int Width = 760;
    public const int Height = 480;

    /// <summary>Colour of text, axes and grid.</summary>
    public const string Ink = "#1C1C1E";
    private const float GridOpacity = 0.12f;
    private const float LineWidth = 2;
    private const float MarkSize = 8;
    private const float ThinLine = 1.5f;

    // Each has a contrast of at least 3:1 with white and with the dark page.
    private static readonly string[] Hues =
    [
        "#2F7FC4", "#C8641E", "#2E8B57", "#9A5BC0", "#B5505B", "#7A7A2A", "#1F8A9A", "#8C6D4F", "#C2479A",
    ];

    /// <summary>The plot; <paramref name="background"/> is white where it stands alone.</summary>
    public static Plot Draw(Panel panel, Color background)
    {
        PlotFont.Use();
        var plot = new Plot();
        foreach (var (number, series) in panel.Series.Index())
        {
            AddSeries(plot, panel, series, Color.FromHex(Hues[number % Hues.Length]));
        }

        var ink = Color.FromHex(Ink);
        plot.FigureBackground.Color = background;
        plot.DataBackground.Color = Colors.Transparent;
        plot.Axes.Color(ink);
        plot.Grid.MajorLineColor = ink.WithAlpha(GridOpacity);
        plot.XLabel(panel.XLabel);
        plot.YLabel(panel.YLabel);
        plot.Axes.Bottom.Label.Bold = false;
        plot.Axes.Left.Label.Bold = false;
        plot.Legend.FontColor = ink;
        plot.Legend.OutlineColor = Colors.Transparent;
        plot.Legend.BackgroundColor = Colors.Transparent;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.Orientation = Orientation.Horizontal;
        plot.Legend.TightHorizontalWrapping = true;
        plot.ShowLegend(Edge.Bottom);
        Scale(plot, panel);
        return plot;
    }

    private static void AddSeries(Plot plot, Panel panel, Series series, Color colour)
    {
        var rows = series.Rows;
        if (!panel.LogY && rows.Any(row => row.StandardError > 0))
        {
            var bars = plot.Add.ErrorBar(
                [.. rows.Select(row => X(panel, row))], [.. rows.Select(row => row.Ours)], [.. rows.Select(row => row.StandardError ?? 0)]);
            bars.Color = colour;
        }

        var ours = rows.Any(row => row.Published is not null) || series.OtherAs is not null ? $"{series.Quantity}, ours" : series.Quantity;
        AddCurve(plot, panel, rows, row => row.Ours, ours, colour, LinePattern.Solid, MarkerShape.FilledCircle);
        AddCurve(plot, panel, rows, row => row.Published?.Value, $"{series.Quantity}, {series.PublishedAs}", colour, LinePattern.Dashed, MarkerShape.OpenSquare);
        AddCurve(plot, panel, rows, row => row.Other, series.OtherAs is { } other ? $"{series.Quantity}, {other}" : "", colour, LinePattern.Dotted, MarkerShape.None);
    }

    private static void AddCurve(
        Plot plot, Panel panel, IReadOnlyList<FigureRow> rows, Func<FigureRow, double?> value, string label, Color colour, LinePattern line, MarkerShape mark)
    {
        var present = rows.Where(row => value(row) is { } number && (!panel.LogY || number > 0)).ToList();
        if (present.Count is 0)
        {
            return;
        }

        var xs = present.Select(row => X(panel, row)).ToArray();
        var ys = present.Select(row => Y(panel, value(row)!.Value)).ToArray();
        var curve = plot.Add.Scatter(xs, ys, colour);
        curve.LegendText = label;
        curve.LinePattern = line;

        // A line between the only two values that a source prints would claim values in between.
        curve.LineWidth = mark is MarkerShape.FilledCircle ? LineWidth : present.Count < rows.Count ? 0 : ThinLine;
        curve.MarkerShape = mark;
        curve.MarkerSize = mark is MarkerShape.OpenSquare ? MarkSize + 2 : MarkSize;
        curve.MarkerLineWidth = ThinLine;
        curve.MarkerLineColor = colour;
    }

    private static void Scale(Plot plot, Panel panel)
    {
        var rows = panel.Series.SelectMany(series => series.Rows).ToList();
        if (panel.LogX)
        {
            var xs = rows.Select(row => row.X).Distinct().Order().ToArray();
            plot.Axes.Bottom.TickGenerator = new NumericManual(
                [.. xs.Select(Math.Log2)], [.. xs.Select(x => x.ToString(CultureInfo.InvariantCulture))]);
        }

        plot.Axes.AutoScale();
        if (panel.LogY)
        {
            ScaleLog(plot, rows);
            return;
        }

        var values = rows.SelectMany(row => (double?[])[row.Ours, row.Published?.Value, row.Other]).OfType<double>().ToList();
        var most = values.Max();
        if (values.Min() >= 0 && values.Min() <= most / 2)
        {
            plot.Axes.SetLimitsY(0, most > 0 ? most * 1.1 : 1);
        }
    }

    /// <summary>A tick at each power of ten.</summary>
    private static void ScaleLog(Plot plot, List<FigureRow> rows)
    {
        var positive = rows.Select(row => row.Ours).Where(value => value > 0).ToList();
        if (positive.Count > 0)
        {
            var least = (int)Math.Floor(Math.Log10(positive.Min()));
            var most = (int)Math.Ceiling(Math.Log10(positive.Max()));
            var powers = Enumerable.Range(least, most - least + 1).ToList();
            plot.Axes.Left.TickGenerator = new NumericManual(
                [.. powers.Select(power => (double)power)],
                [.. powers.Select(power => Math.Pow(10, power).ToString("0.######", CultureInfo.InvariantCulture))]);
            plot.Axes.SetLimitsY(least - 0.1, most + 0.1);
        }
    }

    private static double Y(Panel panel, double value) => panel.LogY ? Math.Log10(value) : value;

    private static double X(Panel panel, FigureRow row) => panel.LogX ? Math.Log2(row.X) : row.X;
}
