using System.Globalization;
using System.Text;

namespace P2PCloud.Cli.Output;

/// <summary>Text of strangers, made harmless for a terminal and for line-oriented tools.</summary>
internal static class Printable
{
    /// <summary>Control characters (tabs, line ends, escapes) and bidirectional overrides become <c>?</c>.</summary>
    public static string Line(string text)
    {
        if (!text.Any(IsUnsafe))
        {
            return text;
        }

        var safe = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            safe.Append(IsUnsafe(character) ? '?' : character);
        }

        return safe.ToString();
    }

    /// <summary>Bytes in words, three significant digits: <c>1.23 MB</c>.</summary>
    public static string Size(long bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB", "PB"];
        var value = (double)bytes;
        var unit = 0;
        while (value >= 999.5 && unit < units.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        var format = unit is 0 || value >= 99.95 ? "0" : value >= 9.995 ? "0.0" : "0.00";
        return $"{value.ToString(format, CultureInfo.InvariantCulture)} {units[unit]}";
    }

    /// <summary>Milliseconds with a thousandth.</summary>
    public static string Milliseconds(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static bool IsUnsafe(char character) =>
        char.IsControl(character) || character is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u2028' or '\u2029';
}
