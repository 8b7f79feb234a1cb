using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation.Scenarios;

/// <summary>Networks of scenarios.</summary>
internal static class Models
{
    /// <summary>A network that loses nothing and whose round trips stay below the time-outs of calls, so that nobody is suspected wrongly.</summary>
    public static NetworkModel Sound(IRandom random) => new()
    {
        Latency = random.NextBelow(4) switch
        {
            0 => new ConstantLatency(TimeSpan.FromMilliseconds(20)),
            1 => new UniformLatency(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(100)),
            2 => new ExponentialLatency(TimeSpan.FromMilliseconds(10)),
            _ => new EuclideanLatency(random.NextBits(), TimeSpan.FromMilliseconds(80)),
        },
        DeadNodesAnswer = random.NextBelow(2) == 0,
    };
}
