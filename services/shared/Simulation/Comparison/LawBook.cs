using System.Globalization;
using P2PCloud.Contracts;
using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Flooding;
using P2PCloud.Overlays.Kazaa;
using P2PCloud.Simulation.Figures;
using P2PCloud.Simulation.Searches;

namespace P2PCloud.Simulation.Comparison;

/// <summary>A law with its value for one row.</summary>
/// <param name="Value">What it says.</param>
/// <param name="Formula">In the symbols of protocols.md, section 9.</param>
/// <param name="Rule">When a measured value agrees.</param>
/// <param name="Explanation">What to know; why the measured value differs where it does.</param>
internal sealed record Law(double Value, string Formula, Rule Rule, string? Explanation = null);

/// <summary>The laws of protocols.md, section 9, for one row.</summary>
internal sealed class LawBook(VariantPlan plan)
{
    private const string Shortcuts = "The successor list, remembered owners and guesses shorten the path: the law is an upper bound.";

    private const string Reattached = "The law is for a child that stays with its dead leader; ours attaches to another and asks once more.";

    private readonly LookupExperiment _experiment = plan.Experiment;
    private readonly ChordParameters _chord = new();

    private static double PingSeconds => new NeighbourhoodParameters().PingInterval.TotalSeconds;

    private static double RenewSeconds => OverlayCloud.Lease.TotalSeconds / 3;

    private static double BeatSeconds => Math.Min(new KazaaParameters().HeartbeatMax.TotalSeconds, new KazaaParameters().ChildLease.TotalSeconds / 3);

    private bool IsShortened => _experiment.Base > 2;

    /// <summary>The law about a figure; null when there is none.</summary>
    /// <param name="name">One of <see cref="FigureNames"/>.</param>
    /// <param name="predicted">Mean of the law's values for the very searches that were made; null when it says nothing about single ones.</param>
    public Law? Of(string name, double? predicted) => name switch
    {
        FigureNames.Success or FigureNames.Recall when predicted is { } value => new Law(value, RecallFormula(), Rule.Mean),
        FigureNames.Messages when predicted is { } value => Messages(value),
        FigureNames.Hops when predicted is { } value => Hops(value),
        FigureNames.Entries => Entries(),
        FigureNames.PostingsMax => Postings(),
        FigureNames.UpkeepMessages => Upkeep(),
        _ when predicted is { } value && name.StartsWith(FigureNames.Success, StringComparison.Ordinal) => new Law(
            value, RecallFormula(), Rule.Mean, WithDeadNodes()),
        _ when predicted is { } value && name.StartsWith(FigureNames.Messages, StringComparison.Ordinal) => WithDead(value),
        _ => null,
    };

    private string RecallFormula() => (_experiment.Technique, _experiment.Mode) switch
    {
        (Techniques.Napster, _) => "1 while the directory lives",
        (Techniques.Gnutella, LookupMode.ExpandingRing) => "holders within the first ring that has one",
        (Techniques.Gnutella, _) => "holders within TTL links",
        (Techniques.Kazaa, _) => "holders whose leader is within TTL links of the own leader",
        _ => "1 - p^k",
    };

    private Law Messages(double value) => (_experiment.Technique, _experiment.Mode) switch
    {
        (Techniques.Napster, _) => new Law(value, "2", Rule.Mean),
        (Techniques.Gnutella, LookupMode.ExpandingRing) => new Law(value, "sum of flood(TTL) over the rings + reply hops", Rule.Mean),
        (Techniques.Gnutella, LookupMode.RandomWalk) => new Law(
            value,
            "1.2/rho (1 + 1/c) + k c",
            Rule.Mean,
            "No message names the origin, so a check goes back node by node and costs as many messages as the walker is deep; and walkers stop after 64 steps."),
        (Techniques.Gnutella, _) => new Law(value, "2E - N + 1 + reply hops, or less within the TTL", Rule.Mean),
        (Techniques.Kazaa, _) => new Law(value, "2 + 2E_s - S + 1 + reply hops", Rule.Mean),
        (_, LookupMode.Iterative) => Shortened(value, "2h + 2, h = 1/2 log2 N"),
        _ => Shortened(value, _experiment.Routing is Routing.Full ? "2" : $"{Words()}(h + 2), h = {Path()}"),
    };

    private Law Hops(double value) => (_experiment.Technique, _experiment.Mode) switch
    {
        (Techniques.Napster, _) => new Law(value, "1", Rule.Mean),
        (Techniques.Gnutella, LookupMode.RandomWalk) => new Law(
            value, "1 / (k rho)", Rule.Mean, "Searches that end without a hit after 64 steps of each walker are not counted here, so the mean is below the law."),
        (Techniques.Gnutella, _) => new Law(value, "links to the nearest holder", Rule.Mean),
        (Techniques.Kazaa, _) => new Law(value, "1 + links to the nearest leader that knows", Rule.Mean),
        _ => Shortened(value, _experiment.Routing is Routing.Full ? "1" : $"{Words()}(h + 1), h = {Path()}"),
    };

    private Law? WithDead(double value) => _experiment.Technique switch
    {
        Techniques.Chord => null,
        Techniques.Gnutella when _experiment.Mode is LookupMode.RandomWalk => null,
        Techniques.Gnutella => new Law(
            value, "flood over the surviving graph, with a message on each link to the dead", Rule.Mean, WithDeadNodes()),
        Techniques.Kazaa => new Law(
            value,
            "1 if the own leader is dead, else 2 + flood over the surviving leaders",
            Rule.Mean,
            Reattached),
        _ => new Law(value, "2", Rule.Mean),
    };

    private string? WithDeadNodes() => (_experiment.Technique, _experiment.Mode) switch
    {
        (Techniques.Kazaa, _) => Reattached,
        (Techniques.Gnutella, LookupMode.ExpandingRing) =>
            "A ring ends when the calls to the dead have timed out; until the next ring the servents have replaced some of their lost links.",
        (Techniques.Chord, _) =>
            "The law is for owners that are replaced at once. For the first seconds a key whose owner died waits until the next node has noticed it; and postings are copied again only then.",
        _ => null,
    };

    private Law? Entries() => _experiment.Technique switch
    {
        Techniques.Napster => new Law(1, "1", Rule.Mean),
        Techniques.Gnutella => new Law(
            4, "d", Rule.Between(4, 12), "A servent asks for d links and accepts up to 2d, 3d from one that has none."),
        Techniques.Kazaa => new Law(1, "1", Rule.Mean),
        _ when _experiment.Routing is Routing.Full => new Law(_experiment.Nodes, "N", Rule.Mean),
        _ => new Law(
            ((_experiment.Base - 1) * Math.Log(_experiment.Nodes, _experiment.Base)) + _chord.SuccessorListLength + 1
                + (IsShortened ? _chord.OwnerCacheSize : 0),
            IsShortened ? "(b - 1) log_b N + r + 1 + remembered owners" : "log2 N + r + 1",
            Rule.NoMore,
            "Distinct nodes are counted: the nearest fingers are in the successor list too."),
    };

    private Law? Postings()
    {
        double postings = _experiment.Files * _experiment.Replicas;
        return _experiment.Technique switch
        {
            Techniques.Napster => new Law(postings, "F R", Rule.Mean),
            Techniques.Gnutella => new Law(0, "0", Rule.Mean),
            Techniques.Kazaa => new Law(
                postings / plan.Base.Laws.Servers, "F R / S", Rule.Mean, "The law is the mean of the leaders; the fullest has more."),
            _ => null,
        };
    }

    private Law? Upkeep()
    {
        double peers = _experiment.Nodes;
        double servers = plan.Base.Laws.Servers;
        var degree = plan.Base.Laws.MeanDegree;
        var perLinked = (2 * degree / PingSeconds) + (2 / RenewSeconds);
        return _experiment.Technique switch
        {
            Techniques.Napster => new Law(
                2 / RenewSeconds * peers / (peers + servers), "2 / T_renew", Rule.Mean),
            Techniques.Gnutella => new Law(
                perLinked, "2d / T_ping + 2 / T_boot", Rule.Mean, "d is the mean degree of this graph; a search for more links comes on top."),
            Techniques.Kazaa => new Law(
                ((2 / BeatSeconds * peers) + (perLinked * servers)) / (peers + servers),
                "(N 2/T_beat + S (2d_s / T_ping + 2 / T_boot)) / (N + S)",
                Rule.Mean,
                "Probes of other leaders and searches for links come on top."),
            _ => new Law(
                (3 + (2 * Math.Log2(peers) / 2)) / _chord.StabilizeMax.TotalSeconds,
                "(stabilize 2 + notify 1 + finger lookup 2h) / T_stab",
                Rule.Mean,
                "Our nodes also refresh postings, compare copies with their replicas and check the ring; fingers are refreshed one at a time, and by answers that pass."),
        };
    }

    private Law Shortened(double value, string formula) => IsShortened && _experiment.Routing is Routing.Fingers
        ? new Law(value, formula, Rule.NoMore, Shortcuts)
        : new Law(value, formula, Rule.Mean);

    private string Words() => _experiment.Words == 1 ? "" : $"{_experiment.Words} ";

    private string Path() => _experiment.Base == 2
        ? "1/2 log2 N"
        : string.Create(CultureInfo.InvariantCulture, $"{_experiment.Base - 1}/{_experiment.Base} log{_experiment.Base} N");
}
