using System.Text.RegularExpressions;
using P2PCloud.Contracts;

namespace P2PCloud.ClusterLoad;

/// <summary>The load on a cloud during one scenario.</summary>
public sealed partial record LoadOptions
{
    /// <summary>Most keys and most files.</summary>
    public const int ItemsMax = 10_000;

    /// <summary>Base addresses of the gateways, which take turns; where one cannot be reached the next one is asked.</summary>
    public required IReadOnlyList<Uri> Gateways { get; init; }

    /// <summary>Name of the run: 1 to 24 lower-case letters and digits. Keys, values and file names begin with it, so that runs on one
    /// cloud do not meet: two histories of one cloud need two names.</summary>
    public required string Run { get; init; }

    /// <summary>Lookups a second, by technique; a technique that is not named gets none. 0 to 1,000 each.</summary>
    public IReadOnlyDictionary<string, double> LookupRates { get; init; } =
        Techniques.All.ToDictionary(technique => technique, _ => 2.0, StringComparer.Ordinal);

    /// <summary>Writes of keys a second, 0 to 1,000.</summary>
    public double PutRate { get; init; } = 4;

    /// <summary>Reads of keys a second, 0 to 1,000.</summary>
    public double GetRate { get; init; } = 8;

    /// <summary>Downloads a second, 0 to 1,000.</summary>
    public double DownloadRate { get; init; } = 1;

    /// <summary>Keys, 1 to <see cref="ItemsMax"/>. All are written once before the load begins.</summary>
    public int Keys { get; init; } = 50;

    /// <summary>Bytes of a value, 64 to 65,536.</summary>
    public int ValueBytes { get; init; } = 128;

    /// <summary>Files, 1 to <see cref="ItemsMax"/>. All are shared before the load begins.</summary>
    public int Files { get; init; } = 24;

    /// <summary>Bytes of a file, 1 to 16 MiB.</summary>
    public int FileBytes { get; init; } = 32 * 1024;

    /// <summary>App-ids of the peers that share the files, in turn; empty: each file at a peer that the gateway chooses.</summary>
    public IReadOnlyList<string> FilePeers { get; init; } = [];

    /// <summary>Peers that share each file, at least 1; more than 1 needs as many <see cref="FilePeers"/>.</summary>
    public int FileCopies { get; init; } = 1;

    /// <summary>Of all chance: which key or file, and when within its slot an operation starts.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Longest time of an operation, 100 ms to 5 minutes. One that takes longer is given up and has the outcome "deadline", which
    /// is a violation; so it is to be longer than the cloud's own deadlines: a gateway asks up to two entry peers that hang, and waits 15 s
    /// for each with a lookup and 20 s with a key.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>Longest time for a connection to a gateway, 10 ms to 1 minute; after it the next gateway is tried.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Operations under way at a time, 1 to 10,000. One that would be above it is not started, and recorded as skipped.</summary>
    public int UnderWayMax { get; init; } = 512;

    /// <summary>Operations of the whole load, skipped ones included, 1 to 10 million. The load ends with the last one.</summary>
    public long OperationsMax { get; init; } = 1_000_000;

    /// <summary>Longest time until all keys are written and each technique finds all files, before the load; 1 second to 1 hour.</summary>
    public TimeSpan PrepareTime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Throws when a value is out of its range.</summary>
    /// <exception cref="ArgumentException">Says which value, and what it may be.</exception>
    public void Validate()
    {
        Check(Gateways.Count > 0 && Gateways.All(gateway => gateway.IsAbsoluteUri), "At least one gateway is needed, each with an absolute URI.");
        Check(Name().IsMatch(Run), "The name of the run is 1 to 24 lower-case letters and digits.");
        Check(LookupRates.Keys.All(Techniques.All.Contains), $"The techniques are {string.Join(", ", Techniques.All)}.");
        Check(
            LookupRates.Values.Concat([PutRate, GetRate, DownloadRate]).All(rate => rate is >= 0 and <= 1000),
            "A rate is 0 to 1,000 operations a second.");
        Check(Keys is >= 1 and <= ItemsMax, $"The number of keys is 1 to {ItemsMax}.");
        Check(Files is >= 1 and <= ItemsMax, $"The number of files is 1 to {ItemsMax}.");
        Check(ValueBytes is >= 64 and <= 65_536, "A value has 64 to 65,536 bytes.");
        Check(FileBytes is >= 1 and <= 16 * 1024 * 1024, "A file has 1 byte to 16 MiB.");
        Check(
            FileCopies >= 1 && FileCopies <= Math.Max(1, FilePeers.Count),
            "The copies of a file are at least 1 and at most the number of peers that share files.");
        Check(FilePeers.Distinct(StringComparer.Ordinal).Count() == FilePeers.Count, "The peers that share files are different ones.");
        Check(Within(Deadline, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)), "The deadline is 100 ms to 5 minutes.");
        Check(Within(ConnectTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)), "The time for a connection is 10 ms to 1 minute.");
        Check(UnderWayMax is >= 1 and <= 10_000, "The bound on operations under way is 1 to 10,000.");
        Check(OperationsMax is >= 1 and <= 10_000_000, "The bound on all operations is 1 to 10 million.");
        Check(Within(PrepareTime, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), "The time to prepare is 1 second to 1 hour.");
    }

    private static bool Within(TimeSpan value, TimeSpan least, TimeSpan most) => value >= least && value <= most;

    private static void Check(bool holds, string message)
    {
        if (!holds)
        {
            throw new ArgumentException(message);
        }
    }

    [GeneratedRegex(@"\A[a-z0-9]{1,24}\z")]
    private static partial Regex Name();
}
