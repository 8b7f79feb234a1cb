using System.Buffers.Binary;
using System.Security.Cryptography;
using P2PCloud.Overlays.Common;

namespace P2PCloud.OverlayHosting;

/// <summary>Chance for engines that run for real.</summary>
public static class Seeds
{
    /// <summary>A generator with an unpredictable seed.</summary>
    public static IRandom Fresh() => new SplitMix64(BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong))));
}
