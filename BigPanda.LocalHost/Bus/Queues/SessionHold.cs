namespace BigPanda.LocalHost.Bus.Queues;

/// <summary>A receiver's exclusive claim on a session. Guarded by the bus's lock.</summary>
internal sealed class SessionHold(SessionQueue session)
{
    private TaskCompletionSource<bool>? _waiting;

    public SessionQueue Session => session;

    /// <summary>False once a lock expired and the session went to another receiver.</summary>
    public bool IsValid => session.Hold == this;

    /// <summary>True: there is a message. False: give the session up.</summary>
    public TaskCompletionSource<bool> Wait() =>
        _waiting = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Wake(bool hasMessage)
    {
        _waiting?.TrySetResult(hasMessage);
        _waiting = null;
    }
}
