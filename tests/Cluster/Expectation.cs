using P2PCloud.ClusterLoad;

namespace P2PCloud.Cluster.Tests;

/// <summary>
/// What must hold in a scenario beside what must hold in each: no key lost, no wrong byte, an outcome for each operation within its deadline, no
/// member that ends by itself.
/// </summary>
/// <param name="Name">Of the scenario; a folder of the artifacts is named after it.</param>
/// <param name="Recovery">Longest time from a mark until every stream has recovered, by the mark's name, in seconds.</param>
public sealed record Expectation(string Name, params (string Mark, double Seconds)[] Recovery)
{
    /// <summary>That keys can be read and written nearly all the time, in words.</summary>
    public const string KeysStay = "keys are never away for more than 5 s";

    private static readonly TimeSpan KeysAwayMax = TimeSpan.FromSeconds(5);

    /// <summary>How the services of the cluster call each other.</summary>
    public CallMode Mode { get; init; } = CallMode.Direct;

    /// <summary>Whether gateways are taken away, so that connections to them break.</summary>
    public bool GatewaysMayEnd { get; init; }

    /// <summary>What else must hold, in words.</summary>
    public string? Also { get; init; }

    /// <summary>Throws where <see cref="Also"/> does not hold.</summary>
    public Action<CheckResult>? Check { get; init; }

    /// <summary>All that must hold, in words.</summary>
    public string Words => string.Join("; ", Parts());

    /// <summary>Throws where <see cref="KeysStay"/> does not hold.</summary>
    public static void AssertKeysStay(CheckResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        Assert.All(
            result.ByStream.Where(stream => stream.Key is Streams.Put or Streams.Get),
            stream => Assert.InRange(stream.Value.LongestUnavailability, TimeSpan.Zero, KeysAwayMax));
    }

    private IEnumerable<string> Parts()
    {
        yield return "no key lost, no wrong byte, an outcome for each operation within its deadline, no member ends by itself";
        foreach (var (mark, seconds) in Recovery)
        {
            yield return $"all streams recover within {seconds} s after '{mark}'";
        }

        if (Also is not null)
        {
            yield return Also;
        }
    }
}
