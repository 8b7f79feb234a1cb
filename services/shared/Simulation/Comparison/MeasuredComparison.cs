using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Gnutella;
using P2PCloud.Overlays.Kazaa;
using P2PCloud.Simulation.Figures;
using P2PCloud.Simulation.Searches;

namespace P2PCloud.Simulation.Comparison;

/// <summary>A search that a running cloud has answered.</summary>
/// <param name="Technique">One of the four.</param>
/// <param name="Mode">In the words of the REST interface; empty where there is one way only.</param>
/// <param name="Origin">Entry peer, which does not have the file.</param>
/// <param name="Holders">Peers that have it.</param>
/// <param name="Found">Peers that the answer names.</param>
/// <param name="Messages">As the answer says.</param>
/// <param name="Hops">Remote steps to the first node that knew of a holder; null when none did.</param>
/// <param name="ElapsedMs">At the entry peer.</param>
public sealed record MeasuredSearch(
    string Technique,
    string Mode,
    string Origin,
    IReadOnlyCollection<string> Holders,
    IReadOnlyCollection<string> Found,
    int Messages,
    int? Hops,
    double ElapsedMs);

/// <summary>Who is linked with whom in a running cloud.</summary>
/// <param name="Servents">Gnutella neighbours of each peer.</param>
/// <param name="Leaders">Links of each group leader.</param>
/// <param name="LeaderOf">Group leader of each peer that has one.</param>
/// <param name="RingNodes">Chord nodes.</param>
public sealed record MeasuredLinks(
    IReadOnlyDictionary<string, IReadOnlyList<string>> Servents,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Leaders,
    IReadOnlyDictionary<string, string> LeaderOf,
    int RingNodes);

/// <summary>Compares searches of a running cloud with the laws. The TTLs of floods are taken to be the defaults.</summary>
public static class MeasuredComparison
{
    private const string Races = "In a real network a copy that came a longer way can arrive first, with less TTL left.";

    /// <summary>The report.</summary>
    /// <param name="settings">What was asked.</param>
    /// <param name="searches">In the order of the rows.</param>
    /// <param name="links">At about the same time.</param>
    public static ComparisonReport Of(ComparisonSettings settings, IReadOnlyList<MeasuredSearch> searches, MeasuredLinks links)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(searches);
        ArgumentNullException.ThrowIfNull(links);
        var servents = GraphOf(links.Servents);
        var leaders = GraphOf(links.Leaders);
        return new ComparisonReport(
            "cloud",
            links.Servents.Count,
            settings.Files,
            settings.Queries,
            settings.Replicas,
            settings.Popularity.ToString(),
            0,
            settings.Seed,
            [
                .. searches.GroupBy(search => (search.Technique, search.Mode)).Select(group => new TechniqueRow(
                    group.Key.Technique,
                    group.Key.Mode,
                    group.Key.Mode.Length > 0 ? $"{group.Key.Technique}, {group.Key.Mode}" : group.Key.Technique,
                    Figures([.. group], search => Expect(search, servents, leaders, links)))),
            ]);
    }

    private static OverlayGraph GraphOf(IReadOnlyDictionary<string, IReadOnlyList<string>> links) => OverlayGraph.Of(
        links.ToDictionary(entry => entry.Key, entry => (IReadOnlyList<NodeRef>)[.. entry.Value.Select(name => new NodeRef(name))], StringComparer.Ordinal),
        new HashSet<string>());

    private static Expectation Expect(MeasuredSearch search, OverlayGraph servents, OverlayGraph leaders, MeasuredLinks links)
    {
        var gnutella = new GnutellaParameters();
        switch (search.Technique, LookupModes.Find(search.Technique, search.Mode.Length > 0 ? search.Mode : null))
        {
            case (Techniques.Napster, _):
                return new Expectation(2, 1, 1, 1);
            case (Techniques.Gnutella, LookupMode.ExpandingRing):
                return FloodLaw.ExpectRings(
                    servents, search.Origin, search.Holders, gnutella.Rings.Where(ttl => ttl < gnutella.Ttl).Append(gnutella.Ttl));
            case (Techniques.Gnutella, LookupMode.RandomWalk):
                return default;
            case (Techniques.Gnutella, _):
                return FloodLaw.Expect(servents, search.Origin, search.Holders, gnutella.Ttl);
            case (Techniques.Kazaa, _):
                var knowing = search.Holders.Select(holder => links.LeaderOf.GetValueOrDefault(holder)).OfType<string>().ToList();
                return links.LeaderOf.TryGetValue(search.Origin, out var own) && knowing.Count > 0
                    ? FloodLaw.ExpectChild(leaders, own, knowing, new KazaaParameters().Ttl)
                    : default;
            case (_, var mode):
                var forwards = Math.Log2(Math.Max(2, links.RingNodes)) / 2;
                return new Expectation(mode is LookupMode.Iterative ? (2 * forwards) + 2 : forwards + 2, forwards + 1, 1, 1);
        }
    }

    private static List<ComparedFigure> Figures(IReadOnlyList<MeasuredSearch> searches, Func<MeasuredSearch, Expectation> expect)
    {
        var laws = new LookupLaws();
        var latency = new Samples();
        foreach (var search in searches)
        {
            var law = expect(search);
            var found = search.Found.Count(search.Holders.Contains);
            laws.Success.Add(found > 0 ? 1 : 0, law.Success);
            laws.Recall.Add((double)found / search.Holders.Count, law.Recall);
            laws.Messages.Add(search.Messages, law.Messages);
            latency.Add(search.ElapsedMs);
            if (search.Hops is { } hops)
            {
                laws.Hops.Add(hops, law.Hops);
            }
        }

        var isChord = searches[0].Technique is Techniques.Chord;
        var rule = isChord ? Rule.NoMore : Rule.Mean;
        var (path, explanation) = isChord
            ? ("1/2 log2 of the ring's nodes", "Fingers of a larger base, remembered owners and virtual nodes of the same peer shorten the path: the law is an upper bound.")
            : ("over the links of the topology", Races);
        return
        [
            Figure(FigureNames.Success, "share", laws.Success, Rule.Mean, "holders within reach", null),
            Figure(FigureNames.Recall, "share", laws.Recall, Rule.Mean, "holders within reach", Races),
            Figure(FigureNames.Messages, "messages", laws.Messages, rule, path, explanation),
            Figure(FigureNames.Hops, "hops", laws.Hops, rule, path, explanation),
            Plain(FigureNames.Latency, latency.Mean),
            Plain(FigureNames.LatencyP50, latency.Percentile(0.5)),
            Plain(FigureNames.LatencyP99, latency.Percentile(0.99)),
        ];
    }

    private static ComparedFigure Plain(string name, double milliseconds) =>
        new(name, "ms", Math.Round(milliseconds, 3), null, null, null, null, null);

    private static ComparedFigure Figure(
        string name, string unit, LawSamples compared, Rule rule, string formula, string? explanation)
    {
        var (measured, error) = (compared.Measured.Mean, compared.Measured.StandardError);
        double? law = compared.Predicted.Count > 0 ? compared.Predicted.Mean : null;
        return new ComparedFigure(
            name,
            unit,
            Math.Round(measured, 6),
            Math.Round(error, 6),
            law is { } value ? Math.Round(value, 6) : null,
            law is null ? null : formula,
            law is { } said ? rule.Holds(measured, error, new PublishedValue(said, 6)) : null,
            law is null ? null : explanation);
    }
}
