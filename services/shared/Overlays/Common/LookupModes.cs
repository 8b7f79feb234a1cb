using P2PCloud.Contracts;

namespace P2PCloud.Overlays.Common;

/// <summary>The modes of each technique, and the words that name them on the command line and over REST.</summary>
public static class LookupModes
{
    private static readonly (LookupMode Mode, string Word, string Technique)[] Known =
    [
        (LookupMode.Recursive, "recursive", Techniques.Chord),
        (LookupMode.Iterative, "iterative", Techniques.Chord),
        (LookupMode.Flood, "flood", Techniques.Gnutella),
        (LookupMode.ExpandingRing, "expanding-ring", Techniques.Gnutella),
        (LookupMode.RandomWalk, "random-walk", Techniques.Gnutella),
    ];

    /// <summary>All words, those of one technique together.</summary>
    public static IReadOnlyList<string> Words { get; } = [.. Known.Select(known => known.Word)];

    /// <summary>The words of a technique's modes, its default first; empty when it has one way only.</summary>
    public static IReadOnlyList<string> WordsOf(string technique) => [.. OfTechnique(technique).Select(known => known.Word)];

    /// <summary>The mode that a word names at a technique.</summary>
    /// <param name="technique">One of <see cref="Techniques"/>.</param>
    /// <param name="word">One of <see cref="WordsOf"/>, in lower case; null asks for the default.</param>
    /// <returns>Null when the technique has no such mode.</returns>
    public static LookupMode? Find(string technique, string? word)
    {
        if (word is null)
        {
            return LookupMode.Default;
        }

        foreach (var known in OfTechnique(technique))
        {
            if (known.Word == word)
            {
                return known.Mode;
            }
        }

        return null;
    }

    /// <summary>The word for a mode at a technique; empty when the technique has one way only.</summary>
    public static string WordOf(string technique, LookupMode mode)
    {
        foreach (var known in OfTechnique(technique))
        {
            if (known.Mode == mode || mode is LookupMode.Default)
            {
                return known.Word;
            }
        }

        return "";
    }

    /// <summary>What is wrong with a mode, in a sentence; null when nothing is.</summary>
    /// <param name="technique">One of <see cref="Techniques"/>.</param>
    /// <param name="word">Null asks for the default.</param>
    public static string? ProblemOf(string technique, string? word) => (Find(technique, word), WordsOf(technique)) switch
    {
        (not null, _) => null,
        (_, []) => $"mode is '{word}'; {technique} has no modes.",
        (_, var words) => $"mode is '{word}'; for {technique} it must be one of {string.Join(", ", words)}.",
    };

    private static IEnumerable<(LookupMode Mode, string Word, string Technique)> OfTechnique(string technique) =>
        Known.Where(known => known.Technique == technique);
}
