using System.Text.RegularExpressions;
using System.Xml.Linq;
using ScottPlot;
using Panel = P2PCloud.Simulation.Figures.Panel;

namespace P2PCloud.Cli.Simulate;

/// <summary>Plots as SVG.</summary>
internal static partial class PlotSvg
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>A file of its own: white ground, with its font.</summary>
    public static string Standalone(Panel panel, string description)
    {
        var root = Read(panel, Colors.White, description);
        root.AddFirst(new XElement(Svg + "style", PlotFont.Use().Css));
        return new XDocument(root).ToString(SaveOptions.DisableFormatting);
    }

    /// <summary>A part of a page: the ground and the colour of text are the page's, ids do not clash with those of other plots.</summary>
    /// <param name="panel">What to draw.</param>
    /// <param name="description">Read out in place of the drawing.</param>
    /// <param name="prefix">Of all ids; unique on the page.</param>
    public static string Inline(Panel panel, string description, string prefix)
    {
        var root = Read(panel, Colors.Transparent, description);
        foreach (var attribute in root.DescendantsAndSelf().Attributes().ToList())
        {
            if (attribute.Name == "id")
            {
                attribute.Value = $"{prefix}-{attribute.Value}";
            }
            else if (attribute.Name == "fill" || attribute.Name == "stroke")
            {
                attribute.Value = attribute.Value.Equals(PanelPlot.Ink, StringComparison.OrdinalIgnoreCase) ? "currentColor" : attribute.Value;
            }

            attribute.Value = Reference().Replace(attribute.Value, $"url(#{prefix}-$1)");
        }

        return root.ToString(SaveOptions.DisableFormatting);
    }

    private static XElement Read(Panel panel, Color background, string description)
    {
        using var plot = PanelPlot.Draw(panel, background);
        var root = XDocument.Parse(plot.GetSvgXml(PanelPlot.Width, PanelPlot.Height)).Root!;
        root.SetAttributeValue("viewBox", $"0 0 {PanelPlot.Width} {PanelPlot.Height}");
        root.SetAttributeValue("role", "img");
        root.SetAttributeValue("aria-label", description);
        foreach (var text in root.Descendants(Svg + "text"))
        {
            text.Value = text.Value.Trim();
        }

        return root;
    }

    [GeneratedRegex(@"url\(#([^)]+)\)")]
    private static partial Regex Reference();
}
