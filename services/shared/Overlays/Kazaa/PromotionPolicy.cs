using P2PCloud.Contracts.Kazaa;

namespace P2PCloud.Overlays.Kazaa;

/// <summary>When an ordinary peer becomes a group leader, and when it ceases to be one.</summary>
public sealed record PromotionParameters
{
    /// <summary>How long the peer has been up before it may lead: peers that stay are better leaders (Liang, Kumar, Ross 2004).</summary>
    public TimeSpan UptimeMin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A candidate looks once more for a leader with room after a uniform time up to this, so that not all waiting peers lead.</summary>
    public TimeSpan ElectionJitter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Leaders that a candidate probes before it leads.</summary>
    public int Probes { get; init; } = 20;

    /// <summary>Time between two looks at whether it is still needed; 50 % jitter.</summary>
    public TimeSpan ReviewInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long it leads at least.</summary>
    public TimeSpan TermMin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time without children after which it steps down when there is another leader.</summary>
    public TimeSpan IdleMax { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Load that the other leaders may have once they have its children; below 1, so that it is not needed again at once.</summary>
    public double LoadMax { get; init; } = 0.7;

    /// <summary>Rows about other leaders that are older do not count.</summary>
    public TimeSpan RowAgeMax { get; init; } = TimeSpan.FromSeconds(15);
}

/// <summary>What a candidate has seen just before it would lead.</summary>
/// <param name="Uptime">Of the peer.</param>
/// <param name="Answers">Of the leaders, and of other candidates, that BOOT names; those that did not answer left out.</param>
public sealed record ElectionView(TimeSpan Uptime, IReadOnlyList<LeaderProbeReply> Answers);

/// <summary>What a promoted leader sees when it asks whether it is still needed.</summary>
/// <param name="Name">Its own name.</param>
/// <param name="Term">How long it has led.</param>
/// <param name="Children">Children that it has.</param>
/// <param name="Idle">How long it has had none.</param>
/// <param name="Others">What it knows of other leaders.</param>
public sealed record TermView(string Name, TimeSpan Term, int Children, TimeSpan Idle, IReadOnlyList<LeaderRow> Others);

/// <summary>The rules of promotion and demotion, without state.</summary>
public static class PromotionPolicy
{
    /// <summary>Whether a candidate shall lead: it has been up long enough, and nobody else has room or is about to lead.</summary>
    public static bool ShallLead(ElectionView view, PromotionParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(parameters);
        return view.Uptime >= parameters.UptimeMin && !view.Answers.Any(answer =>
            answer.State is LeaderStanding.Joining || (answer.State is LeaderStanding.Leading && Workload.HasRoom(answer.Self)));
    }

    /// <summary>
    /// Whether a promoted leader shall step down: others take its children without being nearly full, or it has had none for a while.
    /// Of promoted leaders only those with a smaller name count, so that the one with the greatest goes first and they do not rely on each other.
    /// </summary>
    public static bool ShallStepDown(TermView view, PromotionParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(parameters);
        var stayers = view.Others
            .Where(row => row.ChildrenMax > 0 && row.AgeMs <= parameters.RowAgeMax.TotalMilliseconds
                && (!row.Promoted || string.CompareOrdinal(row.Leader.Name, view.Name) < 0))
            .ToList();
        var room = stayers.Sum(row => (long)row.ChildrenMax);
        var load = stayers.Sum(row => (long)row.Children) + view.Children;
        return view.Term >= parameters.TermMin && room > 0
            && (load <= parameters.LoadMax * room || (view.Children == 0 && view.Idle >= parameters.IdleMax));
    }
}
