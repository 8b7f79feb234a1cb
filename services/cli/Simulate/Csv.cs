using System.Globalization;

namespace P2PCloud.Cli.Simulate;

/// <summary>Comma-separated values (RFC 4180).</summary>
internal static class Csv
{
    /// <summary>A record with its line end.</summary>
    public static string Line(IEnumerable<string> cells) => $"{string.Join(',', cells.Select(Quoted))}\r\n";

    /// <summary>A number; empty when there is none.</summary>
    public static string Number(double? value) => value?.ToString("G10", CultureInfo.InvariantCulture) ?? "";

    private static string Quoted(string cell) =>
        cell.AsSpan().ContainsAny(",\"\r\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
