namespace P2PCloud.Overlays.Gnutella;

/// <summary>Bounds of random walks. Lv et al. (ICS 2002) advise 16 to 64 walkers and a check every fourth step.</summary>
public sealed record WalkParameters
{
    /// <summary>k: walkers of one lookup, at least 1.</summary>
    public int Walkers { get; init; } = 16;

    /// <summary>c: steps between two checks with the origin, at least 1.</summary>
    public int CheckEvery { get; init; } = 4;

    /// <summary>Steps of a walker at most, 1 to <see cref="StepsAcceptedMax"/>.</summary>
    public int StepsMax { get; init; } = 64;

    /// <summary>Largest TTL + Hops that is accepted; a walker above it is refused.</summary>
    public int StepsAcceptedMax { get; init; } = 1024;

    /// <summary>Hits of other nodes that end the lookup, at least 1.</summary>
    public int HitsWanted { get; init; } = 1;

    /// <summary>Time for one step. A walker of which the origin hears nothing for c + 2 of these is lost.</summary>
    public TimeSpan StepTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time of one lookup; walkers that still go are then not waited for.</summary>
    public TimeSpan TimeMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Steps that one message reports at most; further ones are not counted.</summary>
    public int TrailMax { get; init; } = 250;
}
