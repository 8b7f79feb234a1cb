using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation.Tests;

public sealed class DiskTests
{
    [Fact]
    public void What_was_kept_outlasts_a_crash()
    {
        var pair = Keeping("x", "y");

        pair.Restart();

        Assert.Equal(["x", "y"], pair.Network.DiskOf("b").Select(record => record.Key));
    }

    [Fact]
    public void What_was_dropped_is_kept_no_longer()
    {
        var pair = Keeping("x", "y");

        pair.Do("b", engine => engine.Emit(new Effect.Drop(Record("x").Id, "x")));

        Assert.Equal(["y"], pair.Network.DiskOf("b").Select(record => record.Key));
    }

    [Fact]
    public void A_record_of_a_key_takes_the_place_of_the_one_before()
    {
        var pair = Keeping("x");
        var later = Record("x") with { Version = new KeyVersion(2, "b") };

        pair.Do("b", engine => engine.Emit(new Effect.Keep(later)));

        Assert.Equal([later], pair.Network.DiskOf("b"));
    }

    [Fact]
    public void An_erased_disk_is_empty()
    {
        var pair = Keeping("x");

        pair.Network.EraseDisk("b");

        Assert.Empty(pair.Network.DiskOf("b"));
    }

    private static Pair Keeping(params string[] keys)
    {
        var pair = new Pair();
        pair.Do("b", engine =>
        {
            foreach (var key in keys)
            {
                engine.Emit(new Effect.Keep(Record(key)));
            }
        });
        return pair;
    }

    private static KeyRecord Record(string key) => new(new NodeId(key[0]), key, new KeyVersion(1, "b"), [1]);
}
