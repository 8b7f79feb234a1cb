namespace P2PCloud.Cli.Downloads;

/// <summary>Content ids as people type them.</summary>
internal static class ContentIds
{
    private const int Digits = 64;

    /// <summary>The id in lower case; null when it is not a SHA-256 in hexadecimal.</summary>
    public static string? Parse(string text) =>
        text.Length is Digits && text.All(char.IsAsciiHexDigit) ? text.ToLowerInvariant() : null;
}
