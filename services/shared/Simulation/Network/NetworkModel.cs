using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation;

/// <summary>What a <see cref="SimulatedNetwork"/> does to messages. Requests and replies alike, unless said; each draws its own chance.</summary>
public sealed record NetworkModel
{
    /// <summary>One-way delay of a message, default uniform between 1 ms and 5 ms.</summary>
    public ILatencyModel Latency { get; init; } = new UniformLatency(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5));

    /// <summary>Probability that a message is lost, 0 to 1: the caller sees <see cref="Input.Failed"/> at its time-out.</summary>
    public double Loss { get; init; }

    /// <summary>Probability that a request is delivered twice, each copy with its own latency and request id, 0 to 1.</summary>
    public double Duplication { get; init; }

    /// <summary>Probability that a message takes up to <see cref="ReorderingDelay"/> longer, so that later ones overtake it, 0 to 1.</summary>
    public double Reordering { get; init; }

    /// <summary>Longest extra delay of a reordered message; it is uniform from 0.</summary>
    public TimeSpan ReorderingDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Whether a request to a name that does not run is refused, so that the call fails after a round trip, as where a host lives and the
    /// process does not. Otherwise it is lost, and the call fails at its time-out, as where the host is gone.
    /// </summary>
    public bool DeadNodesAnswer { get; init; } = true;

    /// <exception cref="ArgumentOutOfRangeException">A probability outside 0 to 1, or a negative delay.</exception>
    internal NetworkModel Checked()
    {
        ThrowIfNoProbability(Loss, nameof(Loss));
        ThrowIfNoProbability(Duplication, nameof(Duplication));
        ThrowIfNoProbability(Reordering, nameof(Reordering));
        ArgumentOutOfRangeException.ThrowIfLessThan(ReorderingDelay, TimeSpan.Zero, nameof(ReorderingDelay));
        return this;
    }

    private static void ThrowIfNoProbability(double value, string name)
    {
        if (value is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(name, value, "A probability is between 0 and 1.");
        }
    }
}
