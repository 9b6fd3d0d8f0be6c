using Azure.Messaging.ServiceBus;
using BigPanda.LocalHost.Bus;
using BigPanda.LocalHost.Bus.Storage;

namespace BigPanda.Functions.Tests.Bus;

public sealed class DiskFailureTests
{
    private readonly Disk _disk = new();

    private JournalOptions Options => new() { OpenFile = (path, mode) => new FailingFile(path, mode, _disk) };

    [Theory]
    [InlineData(Fault.Write)]
    [InlineData(Fault.HalfWrite)]
    [InlineData(Fault.Flush)]
    public async Task A_send_the_disk_refuses_fails_and_may_be_repeated(Fault fault)
    {
        await using var bus = await TestBus.OpenAsync(options: Options);
        await bus.SendAsync("before");
        _disk.Fault = fault;
        var refused = await Assert.ThrowsAsync<ServiceBusException>(() => bus.SendAsync("m"));
        Assert.Equal((ServiceBusFailureReason.ServiceCommunicationProblem, true), (refused.Reason, refused.IsTransient));
        Assert.Equal(["before"], await bus.IdsAsync());

        _disk.Fault = Fault.None;
        await bus.SendAsync("m");
        Assert.Equal(["before", "m"], await bus.IdsAsync());
        await using var after = await bus.OpenCopyAsync();
        Assert.Equal(["before", "m"], await after.IdsAsync());
    }

    [Fact]
    public async Task A_completion_the_disk_refuses_can_be_repeated()
    {
        await using var bus = await TestBus.OpenAsync(options: Options);
        await bus.SendAsync("m");
        await using var receiver = bus.Receive();
        var delivery = await receiver.NextAsync("m");
        _disk.Fault = Fault.Flush;
        await Assert.ThrowsAsync<ServiceBusException>(() => delivery.Actions.CompleteMessageAsync(delivery.Message));
        _disk.Fault = Fault.None;
        await delivery.CompleteAsync();
        await using var after = await bus.OpenCopyAsync();
        Assert.Equal(new QueueCounts(0, 0, 0, 0), after.Counts);
    }

    [Fact]
    public async Task Delivery_waits_for_the_disk_to_come_back()
    {
        await using var bus = await TestBus.OpenAsync(options: Options);
        await bus.SendAsync("m");
        _disk.Fault = Fault.Write;
        await using var receiver = bus.Receive();
        for (var attempt = 0; attempt < 12; attempt++)
        {
            await bus.Time.WhenTimerIsSetAsync(TimeSpan.FromSeconds(1));
            bus.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await bus.Time.WhenTimerIsSetAsync(TimeSpan.FromSeconds(1));
        _disk.Fault = Fault.None;
        bus.Time.Advance(TimeSpan.FromSeconds(1));
        var delivery = await receiver.NextAsync("m");
        Assert.Equal(1, delivery.Message.DeliveryCount);
        await delivery.CompleteAsync();
    }

    public enum Fault
    {
        None,
        Write,
        HalfWrite,
        Flush,
    }

    private sealed class Disk
    {
        private volatile Fault _fault;

        public Fault Fault
        {
            get => _fault;
            set => _fault = value;
        }

        public static IOException Refuse() => new("no space left on device");
    }

    private sealed class FailingFile(string path, FileMode mode, Disk disk) : SegmentFile(path, mode)
    {
        public override void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            if (disk.Fault == Fault.HalfWrite)
                base.Write(bytes[..(bytes.Length / 2)], offset);
            if (disk.Fault is Fault.Write or Fault.HalfWrite)
                throw Disk.Refuse();
            base.Write(bytes, offset);
        }

        public override void Flush()
        {
            if (disk.Fault == Fault.Flush)
                throw Disk.Refuse();
            base.Flush();
        }
    }
}
