using Microsoft.Data.Sqlite;

namespace BigPanda.LocalHost.Bus.Broker;

internal interface IOperation
{
    /// <summary>On the broker's thread. Only a failure of the database leaves it as an exception.</summary>
    void Run();

    /// <summary>What it did is on disk.</summary>
    void Complete();

    /// <summary>What it did has been taken back.</summary>
    void Fail(Exception failure);
}

/// <summary>Something to do on the broker's thread, and the task of whoever waits for it.</summary>
internal sealed class Operation<T>(Func<T> work) : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously), IOperation
{
    private T? _result;
    private Exception? _refusal;

    public void Run()
    {
        try
        {
            _result = work();
        }
        catch (Exception refusal) when (refusal is not SqliteException)
        {
            _refusal = refusal;
        }
    }

    public void Complete()
    {
        if (_refusal is null)
            SetResult(_result!);
        else
            SetException(_refusal);
    }

    public void Fail(Exception failure) => SetException(_refusal ?? failure);
}
