using System.Globalization;
using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Gateway.Lookups;

/// <summary>The rules of a lookup's parameters.</summary>
internal static class LookupQuery
{
    /// <summary>Most matches of one lookup.</summary>
    public const int LimitMax = 100;

    /// <summary>What is wrong with the parameters; null when nothing is.</summary>
    public static string? ProblemOf(string? q, string? technique, string? mode, string? limit)
    {
        if (string.IsNullOrWhiteSpace(q))
        {
            return "q is empty: give the words that the file's name contains.";
        }

        if (q.Length > SearchTerms.QueryLengthMax)
        {
            return $"q has {q.Length} characters; at most {SearchTerms.QueryLengthMax} are allowed.";
        }

        if (SearchTerms.Words(q).Count == 0)
        {
            return "q has no letter or digit.";
        }

        if (technique is null || !Techniques.All.Contains(technique))
        {
            return $"technique is '{technique}'; it must be one of {string.Join(", ", Techniques.All)}.";
        }

        return LookupModes.ProblemOf(technique, mode) ?? ProblemOfLimit(limit, LimitMax);
    }

    /// <summary>What is wrong with a limit; null when nothing is.</summary>
    public static string? ProblemOfLimit(string? limit, int max) =>
        limit is null || (TryParse(limit, out var value) && value >= 1 && value <= max)
            ? null
            : $"limit is '{limit}'; it must be a number from 1 to {max}.";

    /// <summary>The limit that was given, or the default.</summary>
    public static int LimitOf(string? limit, int otherwise) => TryParse(limit, out var value) ? value : otherwise;

    private static bool TryParse(string? text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
