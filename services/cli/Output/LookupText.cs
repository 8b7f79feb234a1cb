using P2PCloud.Contracts.Api;

namespace P2PCloud.Cli.Output;

/// <summary>Lookup results as text.</summary>
internal static class LookupText
{
    private const int NamesShown = 3;

    /// <summary>The matches, then one line about the lookup.</summary>
    public static void WriteOne(CliConsole console, LookupResult result)
    {
        var table = new TextTable("content id", "size", "providers", "name");
        foreach (var match in result.Matches)
        {
            table.Add(match.ContentId, console.SizeOf(match.Size), Providers(match), match.Name);
        }

        table.WriteTo(console);
        console.Note(
            $"{result.Technique} from {result.From}: {Count(result.Matches.Count, "match", "matches")}, {Count(result.Hops.Count, "hop", "hops")}, "
            + $"{Count(result.Messages, "message", "messages")}, {Printable.Milliseconds(result.ElapsedMs)} ms, trace {result.TraceId}{Warning(result)}");
    }

    /// <summary>The matches of all with who found them, the techniques side by side, and what a technique missed.</summary>
    /// <param name="limit">A technique with so many matches may know more: it is not said to miss anything.</param>
    public static void WriteComparison(CliConsole console, IReadOnlyList<LookupResult> results, int limit)
    {
        var found = results.SelectMany(result => result.Matches).DistinctBy(match => match.ContentId).ToList();
        var matches = new TextTable("content id", "size", "found by", "providers", "name");
        foreach (var match in found)
        {
            var techniques = results.Where(result => Has(result, match)).Select(result => result.Technique);
            matches.Add(match.ContentId, console.SizeOf(match.Size), string.Join(',', techniques), Providers(match), match.Name);
        }

        matches.WriteTo(console);
        console.Out.WriteLine();

        var comparison = new TextTable("technique", "matches", "missed", "hops", "messages", "ms", "from", "trace id");
        var notes = new List<string>();
        foreach (var result in results)
        {
            var full = result.Matches.Count >= limit;
            var missed = full ? [] : found.Where(match => !Has(result, match)).ToList();
            comparison.Add(
                result.Technique,
                $"{result.Matches.Count}",
                full ? "?" : $"{missed.Count}",
                $"{result.Hops.Count}",
                $"{result.Messages}",
                Printable.Milliseconds(result.ElapsedMs),
                result.From,
                result.TraceId);
            if (missed.Count > 0 || !result.Complete)
            {
                notes.Add(Missed(result, missed, found.Count));
            }
        }

        comparison.WriteTo(console);
        notes.ForEach(console.Note);
    }

    private static string Missed(LookupResult result, List<LookupMatch> missed, int found)
    {
        var names = string.Join(", ", missed.Take(NamesShown).Select(match => match.Name));
        var more = missed.Count > NamesShown ? $" and {missed.Count - NamesShown} more" : "";
        var what = missed.Count > 0 ? $" missed {missed.Count} of {found}: {names}{more}" : "";
        return $"{result.Technique}{what}{Warning(result)}";
    }

    private static string Warning(LookupResult result) =>
        result.Complete ? "" : " (incomplete: part of the overlay did not answer in time)";

    private static bool Has(LookupResult result, LookupMatch match) => result.Matches.Any(other => other.ContentId == match.ContentId);

    private static string Providers(LookupMatch match) => string.Join(',', match.Providers.Select(provider => provider.Peer));

    private static string Count(int count, string one, string many) => $"{count} {(count is 1 ? one : many)}";
}
