namespace P2PCloud.Sidecar.Tests;

public sealed class FaultTests
{
    [Fact]
    public async Task A_fault_that_is_asked_for_while_others_look_for_one_happens()
    {
        const int all = 20_000;
        var faults = new Faults();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        var lookers = Enumerable.Range(0, 2).Select(_ => Task.Run(
            () =>
            {
                while (!limit.IsCancellationRequested && faults.Happened < all)
                {
                    faults.Happens();
                }
            },
            TestContext.Current.CancellationToken)).ToList();

        for (var asked = 1; asked <= all && !limit.IsCancellationRequested; asked++)
        {
            faults.Ask(1);
            SpinWait.SpinUntil(() => faults.Happened >= asked || limit.IsCancellationRequested);
        }

        await Task.WhenAll(lookers);
        Assert.Equal(all, faults.Happened);
    }

    [Fact]
    public void As_many_faults_happen_as_were_asked_for()
    {
        var faults = new Faults();
        Assert.False(faults.Happens());

        faults.Ask(2);

        Assert.Equal([true, true, false], [faults.Happens(), faults.Happens(), faults.Happens()]);
        Assert.Equal(2, faults.Happened);
    }
}
