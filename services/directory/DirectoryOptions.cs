using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace P2PCloud.CentralDirectory;

/// <summary>Section <c>Directory</c>.</summary>
public sealed class DirectoryOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Directory";

    /// <summary>How long a session lives without a keep-alive.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Postings of one session at most; what is shared beyond them is left out.</summary>
    [Range(1, 10_000_000)]
    public int FilesPerPeerMax { get; set; } = 100_000;

    /// <summary>Postings in an answer at most (the original servers' cap, type 200).</summary>
    [Range(1, 1000)]
    public int ResultsMax { get; set; } = 100;

    /// <summary>Mean time between two sweeps, which free the memory of ended sessions; 20 % jitter.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time between two sweeps while Redis fails.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan SweepRetryMax { get; set; } = TimeSpan.FromMinutes(1);
}

/// <summary>Checks <see cref="DirectoryOptions"/> when the service starts.</summary>
[OptionsValidator]
public sealed partial class DirectoryOptionsValidator : IValidateOptions<DirectoryOptions>;
