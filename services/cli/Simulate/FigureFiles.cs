using P2PCloud.Simulation.Figures;
using ScottPlot;
using Panel = P2PCloud.Simulation.Figures.Panel;

namespace P2PCloud.Cli.Simulate;

/// <summary>Writes figures to a folder: one CSV a figure, PNG and SVG of each panel, and the page.</summary>
internal static class FigureFiles
{
    /// <summary>Name of the page.</summary>
    public const string Page = "index.html";
    private const int PixelScale = 2;

    /// <summary>Name of a figure's data.</summary>
    public static string CsvOf(Figure figure) => $"{figure.Name}.csv";

    /// <summary>Stem of the names of a panel's plots.</summary>
    public static string StemOf(Figure figure, Panel panel) => panel.Name is "" ? figure.Name : $"{figure.Name}-{panel.Name}";

    /// <summary>What a plot shows, for who does not see it; the page has its values as a table.</summary>
    public static string DescriptionOf(Figure figure, Panel panel) => $"{figure.Title}: {panel.YLabel} against {panel.XLabel}";

    /// <summary>Writes all; files of the same names are replaced.</summary>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public static void Write(string folder, IReadOnlyList<Figure> figures, ulong seed, bool quick, CancellationToken cancellationToken)
    {
        foreach (var figure in figures)
        {
            File.WriteAllText(Path.Combine(folder, CsvOf(figure)), FigureCsv.Of(figure));
            foreach (var panel in figure.Panels)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var stem = Path.Combine(folder, StemOf(figure, panel));
                File.WriteAllBytes($"{stem}.png", Png(panel));
                File.WriteAllText($"{stem}.svg", PlotSvg.Standalone(panel, DescriptionOf(figure, panel)));
            }
        }

        File.WriteAllText(Path.Combine(folder, Page), FiguresPage.Of(figures, seed, quick));
    }

    private static byte[] Png(Panel panel)
    {
        using var plot = PanelPlot.Draw(panel, Colors.White);
        plot.ScaleFactor = PixelScale;
        return plot.GetImage(PanelPlot.Width * PixelScale, PanelPlot.Height * PixelScale).GetImageBytes(ImageFormat.Png);
    }
}
