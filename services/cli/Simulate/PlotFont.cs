using ScottPlot;
using SkiaSharp;

namespace P2PCloud.Cli.Simulate;

/// <summary>The font of all plots: a container need not have one, and plots should look the same everywhere.</summary>
internal sealed class PlotFont : IFontResolver
{
    /// <summary>Name of the font in the files.</summary>
    public const string Family = "DejaVu Sans";
    private const string Resource = "DejaVuSans.subset.ttf";
    private static readonly Lazy<PlotFont> Instance = new(Register);
    private readonly SKTypeface _typeface;

    private PlotFont(byte[] bytes)
    {
        using var data = SKData.CreateCopy(bytes);
        _typeface = SKTypeface.FromData(data) ?? throw new InvalidOperationException($"{Resource} is not a font.");
        Css = $"@font-face{{font-family:\"{Family}\";src:url(data:font/ttf;base64,{Convert.ToBase64String(bytes)}) format(\"truetype\")}}";
    }

    /// <summary>The rule that brings the font to a page or an SVG.</summary>
    public string Css { get; }

    /// <summary>Makes it the font of all plots of this process.</summary>
    public static PlotFont Use() => Instance.Value;

    /// <inheritdoc/>
    public SKTypeface CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) => _typeface;

    /// <inheritdoc/>
    public SKTypeface CreateTypeface(string fontName, bool bold, bool italic) => _typeface;

    private static PlotFont Register()
    {
        using var stream = typeof(PlotFont).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The resource {Resource} is missing.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        var font = new PlotFont(bytes.ToArray());
        Fonts.FontResolvers.Insert(0, font);
        Fonts.Default = Family;
        return font;
    }
}
